"""Everything that touches pixels or runs a model: bytes in, values out.

The only package that imports Pillow, numpy and onnxruntime; it knows no cloud, no clock and no
environment. `examination.examine` is the whole way of one file:

    gate          what may come in, and its clean copy        (picture: the values)
      jpeg, png     the anatomy of a file, before any decoding
      pixels        decoding, fingerprint, clean files        (colour, orientation)
      metadata      proof that a file is picture and nothing else
    perceptual    a hash of what it looks like, for near-duplicates
    classifier    one pinned ONNX model and its checked answer
      outputs       what a model may answer, checked
      card          what the file beside the model says
      reliability   how often it was right when it was as sure
      preprocess    what the model sees, in training and serving alike
      outline       the model's map of the lesion as a polygon
      measure       its size, shape and colours               (shapes, polar, six_colours)
"""
