"""Mistakes of filing: images under the wrong lesion, lesions and patients entered twice."""
