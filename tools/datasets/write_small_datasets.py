"""Writes the small data files that the tests of io.railhead.transit.data.table read, with the libraries that write
the published data sets: rows of ReasonMap, ReasonMap-Plus and ReasonMap-Train as parquet, as `save_to_disk` Arrow
files and as JSON lines, with figures as base64, as bytes and as paths.

    pip install datasets pyarrow pillow
    python write_small_datasets.py transit/src/test/resources/io/railhead/transit/data/table
"""

import base64
import io
import json
import shutil
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from datasets import Dataset, DatasetDict, Features, Image, Value
from PIL import Image as Picture

LINES = {
    "Red Line": ["Ash Station", "Birch Station (Transfer Station)", "Cedar Station"],
    "Blue Line": ["Birch Station (Transfer Station)", "Dogwood Station"],
}
SHORT = (
    "According to the subway map, how do I get from Ash Station to Dogwood Station? Provide only one optimal route, "
    "with only the line name and the departure and arrival stations. The format should be strictly followed:\n"
    "Route Name: Line x\nDeparture Stop: xx Station\nArrival Stop: xx Station\n--\n"
    "Route Name: Line x\nDeparture Stop: xx Station\nArrival Stop: xx Station"
)
LONG = SHORT.replace("xx Station\n--", "xx Station\nNumber of Via Stops: x\n--") + "\nNumber of Via Stops: x"
ROUTES = {
    "route_1": [
        {
            "route_name": "Red Line",
            "departure_stop": "Ash Station",
            "arrival_stop": "Birch Station",
            "via_stops": [],
            "num_via_stops": 0,
        },
        {
            "route_name": "Blue Line",
            "departure_stop": "Birch Station",
            "arrival_stop": "Dogwood Station",
            "via_stops": [],
            "num_via_stops": 0,
        },
    ],
    "route_2": None,
}


def png(colour: str) -> bytes:
    out = io.BytesIO()
    Picture.new("RGB", (32, 24), colour).save(out, "PNG")
    return out.getvalue()


def place(city: str) -> dict:
    return {
        "country": "nowhere",
        "city": city,
        "difficulty_city": "middle",
        "city_line_count": 2,
        "city_transfer_count": 2,
    }


def reasonmap(city: str, figure) -> dict:
    return place(city) | {
        "station_1": "Ash Station",
        "station_2": "Dogwood Station",
        "question_short": SHORT,
        "question_long": LONG,
        "figure": figure,
        "routes": ROUTES,
        "json": LINES,
        "difficulty_question": "middle",
        "question_transfer_count": 1,
    }


def plus(city: str, kind: str, station_1, station_2, question: str, answer: int) -> dict:
    return place(city) | {
        "station_1": station_1,
        "station_2": station_2,
        "figure": f"./maps/nowhere/{city}.png",
        "question": question,
        "answer": answer,
        "type": kind,
        "json": f"./stations/nowhere/{city}.json",
    }


def plus_rows(city: str) -> list:
    return [
        plus(city, "TorF1", "Ash Station", None, "... is it true that Ash Station is on the Red Line?", 1),
        plus(city, "TorF2", "Ash Station", "Dogwood Station", "... the same line as Dogwood Station?", 0),
        plus(city, "Counting1", "Ash Station", "Cedar Station", "... \nA) 4 \nB) 1 \nC) 2 \nD) 3 \n", 1),
        plus(city, "Counting2", "Birch Station", None, "... how many lines pass through Birch Station?", 2),
        plus(city, "Counting3", None, None, "... how many subway (metro) lines are there in total?", 2),
    ]


def train_rows(city: str) -> list:
    planning = plus(city, "planning", "Ash Station", "Dogwood Station", SHORT, -1)
    return [row | {"question_transfer_count": 0} for row in plus_rows(city)] + [
        planning | {"question_transfer_count": 1}
    ]


def main(out: Path) -> None:
    if out.exists():
        shutil.rmtree(out)
    for city, colour in [("oldtown", "red"), ("newtown", "blue")]:
        (out / "maps/nowhere").mkdir(parents=True, exist_ok=True)
        (out / "stations/nowhere").mkdir(parents=True, exist_ok=True)
        (out / f"maps/nowhere/{city}.png").write_bytes(png(colour))
        (out / f"stations/nowhere/{city}.json").write_text(json.dumps(LINES, indent=1))

    # ReasonMap as on the hub: parquet in shards, figures as base64.
    encoded = base64.b64encode(png("red")).decode()
    other = base64.b64encode(png("blue")).decode()
    data = out / "reasonmap/data"
    data.mkdir(parents=True)
    train = [reasonmap("oldtown", encoded), reasonmap("oldtown", encoded), reasonmap("newtown", other)]
    pq.write_table(pa.Table.from_pylist(train[:2]), data / "train-00000-of-00002.parquet")
    pq.write_table(pa.Table.from_pylist(train[2:]), data / "train-00001-of-00002.parquet", compression="zstd")
    pq.write_table(
        pa.Table.from_pylist([reasonmap("newtown", other)]), data / "validation-00000-of-00001.parquet",
        compression="gzip")

    # ReasonMap-Plus: parquet, figures as paths.
    (out / "reasonmap-plus").mkdir()
    pq.write_table(pa.Table.from_pylist(plus_rows("oldtown")), out / "reasonmap-plus/train.parquet",
                   compression="none")
    pq.write_table(pa.Table.from_pylist(plus_rows("newtown")), out / "reasonmap-plus/test.parquet")

    # ReasonMap-Train: save_to_disk, as `datasets` lays it out, with one split and with several.
    Dataset.from_list(train_rows("oldtown")).save_to_disk(out / "reasonmap-train-disk")
    splits = DatasetDict({"train": Dataset.from_list(plus_rows("oldtown")),
                          "test": Dataset.from_list(plus_rows("newtown"))})
    splits.save_to_disk(out / "reasonmap-plus-disk")

    # The same with pictures inside: the Image feature, a struct of bytes and path; and long strings.
    rows = [row | {"figure": {"bytes": png("blue"), "path": None}} for row in train_rows("newtown")]
    table = Dataset.from_list(rows)
    table = table.cast(Features({**table.features, "figure": Image(), "question": Value("large_string")}))
    table.save_to_disk(out / "images-disk")
    table.to_parquet(out / "images.parquet")

    # JSON lines.
    with open(out / "train.jsonl", "w", encoding="utf-8") as lines:
        for row in train_rows("oldtown") + [reasonmap("newtown", other)]:
            lines.write(json.dumps(row, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
