"""The two quantiles that intervals of influence are made of."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import gammaincinv

from leumund.measures.influence.gamma import CURVES, fitted, quantile


@pytest.mark.parametrize("share", CURVES)
def test_what_is_written_down_is_what_is_fitted_and_what_inverting_gives(share: float) -> None:
    np.testing.assert_allclose(CURVES[share], fitted(share), rtol=0, atol=1e-14)
    shape = np.concatenate([np.linspace(4, 40, 2001), np.geomspace(40, 1e9, 2000)])
    np.testing.assert_allclose(quantile(shape, share), gammaincinv(shape, share) / shape, rtol=1e-13)
