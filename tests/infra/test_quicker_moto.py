"""The shortcuts in moto change nothing of what it answers."""

import json
import subprocess
import sys
from copy import copy
from pathlib import Path
from typing import Any

import boto3
from moto import mock_aws
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.dynamodb.models import dynamodb_backends
from moto.dynamodb.models.dynamo_type import DynamoType

from infra.local.ordered_moto import forget_order
from infra.local.quicker_moto import shorten
from tests.infra.moto_changes import TABLE, of_changes

ROOT = Path(__file__).parents[2]


def _answers(*how: str) -> list[Any]:
    command = [sys.executable, "-m", "tests.infra.moto_answers", *how]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True)
    answers: list[Any] = json.loads(ran.stdout)
    return answers


def test_moto_answers_the_same_with_its_ways_cut_short() -> None:
    usual = _answers()
    assert _answers("shortened") == usual
    # The second look comes after the messages' end, or the comparison says nothing of it.
    assert usual[-1] == [["1", "2"], []]


def test_pages_are_the_same_after_items_were_put_past_moto() -> None:
    with mock_aws():
        shorten()
        dynamodb = boto3.Session("id", "secret", region_name="eu-central-1").client("dynamodb")
        list(of_changes(dynamodb))
        table = dynamodb_backends[DEFAULT_ACCOUNT_ID]["eu-central-1"].tables[TABLE]
        wanted: Any = {
            "TableName": TABLE,
            "KeyConditionExpression": "pk = :p",
            "ExpressionAttributeValues": {":p": {"S": "p1"}},
        }
        before = dynamodb.query(**wanted)["Count"]
        twin = copy(next(iter(table.items[DynamoType({"S": "p1"})].values())))
        twin.range_key = DynamoType({"S": "twin"})
        twin.attrs = {**twin.attrs, "sk": twin.range_key}
        table.items[twin.hash_key][twin.range_key] = twin
        forget_order(table)
        assert dynamodb.query(**wanted)["Count"] == before + 1
