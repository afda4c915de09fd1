"""From an upload to a clean image with the model's opinion; which model answers.

`inference/` inside it imports Pillow, numpy and onnxruntime, so only event functions reach
`service`.
"""
