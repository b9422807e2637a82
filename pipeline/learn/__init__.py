"""
Learned scores: linear models over hashed character n-grams, their training, and models by path.

`views` says what such a model sees of a text, `model` scores and explains, `logistic` and `train`
make one from labelled texts, and `columns` turns the models that a recipe names into signals. What
is shipped as `quality.dirt_score` was made here, and anybody's own model is made the same way.
Whether a score rejects a text is for a recipe to say.
"""
