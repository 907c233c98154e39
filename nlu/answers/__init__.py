"""Which clause answers a question, and whether any does (docs/answers.md).

``finder.py`` decides; ``lexicon.py`` reads letters, ``model.py`` what was learnt of sentence vectors,
``evidence.py`` weighs both; ``train.py`` learns and is not needed to serve.
"""
