"""An answer of an engine as plain numbers."""


def numbers(answer):
    """(E[l], E[l²], {parameter: (E[∂l], E[(∂l)²])})."""
    slopes = {p: (slope.mean.value, slope.second_moment.value) for p, slope in answer.slopes.items()}
    return answer.mean.value, answer.second_moment.value, slopes
