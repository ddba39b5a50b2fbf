// Two pictures of a page, compared as from two steps away: means of 4 × 4 pixels, so that the edges of letters, which
// every browser draws a little differently, do not count.
globalThis.screens ??= (() => {
  const BLOCK = 4;
  const FAR = 24; // of 255, in one of the three colours

  async function pixels(url) {
    const picture = await createImageBitmap(await (await fetch(url)).blob());
    const pen = new OffscreenCanvas(picture.width, picture.height).getContext("2d");
    pen.drawImage(picture, 0, 0);
    return pen.getImageData(0, 0, picture.width, picture.height);
  }

  function means({ data, width, height }) {
    const [columns, rows] = [Math.floor(width / BLOCK), Math.floor(height / BLOCK)];
    const sums = new Float64Array(columns * rows * 3);
    for (let y = 0; y < rows * BLOCK; y++) {
      for (let x = 0; x < columns * BLOCK; x++) {
        const block = (Math.floor(y / BLOCK) * columns + Math.floor(x / BLOCK)) * 3;
        for (let colour = 0; colour < 3; colour++) sums[block + colour] += data[(y * width + x) * 4 + colour];
      }
    }
    return sums.map(sum => sum / BLOCK ** 2);
  }

  // The share of blocks that differ, in per cent, and the box round them, in pixels; all where the sizes differ.
  async function difference(one, other) {
    const [these, those] = [await pixels(one), await pixels(other)];
    if (these.width !== those.width || these.height !== those.height) {
      return { share: 100, where: `${these.width} × ${these.height} before, ${those.width} × ${those.height} now` };
    }
    const [a, b] = [means(these), means(those)];
    const columns = Math.floor(these.width / BLOCK);
    const [across, down] = [[], []];
    for (let i = 0; i < a.length; i += 3) {
      if (![0, 1, 2].some(colour => Math.abs(a[i + colour] - b[i + colour]) > FAR)) continue;
      across.push((i / 3) % columns);
      down.push(Math.floor(i / 3 / columns));
    }
    const range = found => `${Math.min(...found) * BLOCK} to ${(Math.max(...found) + 1) * BLOCK}`;
    return { share: (100 * across.length) / (a.length / 3), where: `x ${range(across)}, y ${range(down)}` };
  }

  // A picture as WebP: a quarter of what a PNG takes, and nothing of what is compared here is lost.
  async function small(url) {
    const picture = await createImageBitmap(await (await fetch(url)).blob());
    const canvas = new OffscreenCanvas(picture.width, picture.height);
    canvas.getContext("2d").drawImage(picture, 0, 0);
    const reader = new FileReader();
    reader.readAsDataURL(await canvas.convertToBlob({ type: "image/webp", quality: 0.8 }));
    await new Promise(done => (reader.onload = done));
    return reader.result.split(",")[1];
  }

  return { difference, small };
})();
