"""Training of Rodinka's classification model: public images in, ONNX file and model card out."""
