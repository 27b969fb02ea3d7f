"""The throw-away cluster does what the other tests rely on."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest

from tests import postgres


@pytest.mark.postgres
def test_each_test_gets_an_empty_database_of_its_own(
    postgres_cluster: postgres.Cluster, postgres_url: str
) -> None:
    with postgres_cluster.database() as other:
        assert other != postgres_url
        with psycopg.connect(postgres_url) as one, psycopg.connect(other) as two:
            one.execute("CREATE TABLE only_here (n int)")
            one.commit()
            with pytest.raises(psycopg.errors.UndefinedTable):
                two.execute("SELECT n FROM only_here")


@pytest.mark.postgres
def test_what_was_committed_survives_a_kill_of_the_server() -> None:
    with postgres.throwaway() as cluster, cluster.database() as url:
        with psycopg.connect(url) as connection:
            connection.execute("CREATE TABLE kept (n int)")
            connection.execute("INSERT INTO kept VALUES (7)")
        cluster.kill()
        cluster.start()
        with psycopg.connect(url) as connection:
            assert connection.execute("SELECT n FROM kept").fetchall() == [(7,)]


@pytest.mark.postgres
def test_nothing_is_left_behind() -> None:
    with postgres.throwaway() as cluster:
        folder, server = cluster.folder, cluster.server
        assert folder.is_dir()
    assert not folder.exists()
    assert server is not None
    assert server.returncode == 0


def test_missing_binaries_are_named_with_the_remedy(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(postgres, "_PLACES", ())
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("ONETONNE_PG_BIN", raising=False)
    with pytest.raises(postgres.NoServer, match="apt-get install postgresql"):
        postgres.find_binaries()
