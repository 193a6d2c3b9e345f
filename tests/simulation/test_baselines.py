"""Numbers of shipped scenarios are those on record; `make baselines` renews them."""

import importlib.util
import json
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "baselines"


def test_numbers_are_those_on_record():
    spec = importlib.util.spec_from_file_location("renew", FOLDER / "renew.py")
    renew = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(renew)
    recorded = json.loads((FOLDER / "baselines.json").read_text())
    for name, found in renew.measured().items():
        for key, value in recorded[name].items():
            if key != "fingerprint":
                assert found[key] == value, (name, key)
        assert found["fingerprint"] == recorded[name]["fingerprint"], name
