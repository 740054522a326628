"""A Spark on this machine, as small as it goes: one core, one partition, one folder to write in."""

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

LIGHT = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.memory": "1g",
    "spark.sql.shuffle.partitions": "1",
    "spark.default.parallelism": "1",
    "spark.sql.adaptive.enabled": "false",  # for a few rows, planning and compiling would take longer than counting
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
}


def a_session(folder: Path) -> Iterator[object]:
    """A session; where there is no Java or no Spark, the test is skipped and says why."""
    pytest.importorskip("pyspark", reason="the extra spark is not installed")
    if not (os.environ.get("JAVA_HOME") or shutil.which("java")):
        pytest.skip("no Java: Spark can't be started")
    from pyspark.sql import SparkSession

    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    places = {"spark.sql.warehouse.dir": str(folder / "warehouse"), "spark.local.dir": str(folder / "local")}
    builder = SparkSession.builder.master("local[1]").appName("das-research tests")
    for name, value in (LIGHT | places).items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    try:
        yield session
    finally:
        session.stop()
