"""What every room stands on: errors, language, inputs, studies, exercises, where things are."""
