"""`qorgau import`: from the file a spreadsheet saved to what the service knows; all or nothing, twice as once."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from deploy.cli import app
from deploy.compose import write
from deploy.enrol import Enrolment
from deploy.network import Network, sample_organisations
from shared.casework.letters import store as letters
from shared.contract.vocabulary import Agency
from tests.pair import SHELTER
from tests.workbench import Bench, bench

QORGAU = Path(sys.executable).parent / "qorgau"
HEAD = "id;agency;name_kk;name_ru;name_en;kato;purposes;phone;hold_minutes"
ESIK = "shelter-new;shelter;«Үміт 2»;«Умит 2»;Umit 2;194000000;lodging;+7 727 000 03 09;60"
COURT = "police-new;police;Жаңа бөлім;Новый отдел;New station;194000000;;;"


@pytest.fixture
def enrolment(tmp_path: Path) -> Enrolment:
    return write(tmp_path / "network", sample_organisations(), store=Path("/data"))


def organisations(enrolment: Enrolment, *lines: str, encoding: str = "utf-8", more: tuple[str, ...] = ()) -> Any:
    file = enrolment.folder.parent / "organisations.csv"
    file.write_bytes("\r\n".join((*lines, "")).encode(encoding))
    command = ["import", "organisations", str(file), "--folder", str(enrolment.folder), *more]
    return CliRunner(env={"COLUMNS": "200"}).invoke(app, command)


def test_what_excel_saves_is_enrolled_and_the_others_stay(enrolment: Enrolment) -> None:
    done = organisations(enrolment, HEAD, ESIK, COURT, ";;;;;;;;", encoding="utf-8-sig")
    assert (done.exit_code, done.output) == (0, "new: 2, changed: 0, as before: 0\n")
    known = {one.id: one for one in enrolment.hosted()}
    assert len(known) == len(sample_organisations()) + 2
    assert (known["shelter-new"].name_kk, known["shelter-new"].hold_minutes) == ("«Үміт 2»", 60)
    assert (known["police-new"].purposes, known["police-new"].hold_minutes) == ((), 90)
    assert enrolment.trust_now().node_of("shelter-new") == "shelter"


def test_importing_twice_is_as_once_and_signs_no_other_list(enrolment: Enrolment) -> None:
    organisations(enrolment, HEAD, ESIK)
    serial = enrolment.trust_now().whole.serial
    assert organisations(enrolment, HEAD, ESIK).output == "new: 0, changed: 0, as before: 1\n"
    assert organisations(enrolment, HEAD, ESIK.replace("60", "30")).output == "new: 0, changed: 1, as before: 0\n"
    assert enrolment.trust_now().whole.serial == serial
    assert {one.id: one.hold_minutes for one in enrolment.hosted()}["shelter-new"] == 30


def test_a_dry_run_says_what_would_change_and_changes_nothing(enrolment: Enrolment) -> None:
    before = enrolment.hosted(), enrolment.trust.read_bytes()
    done = organisations(enrolment, HEAD, ESIK, more=("--dry-run",))
    assert (done.exit_code, done.output) == (0, "would be new: 1, would be changed: 0, as before: 0\n")
    assert (enrolment.hosted(), enrolment.trust.read_bytes()) == before


def test_each_fault_is_told_with_its_line_and_column_and_nothing_is_enrolled(enrolment: Enrolment) -> None:
    before = enrolment.hosted()
    done = organisations(
        enrolment,
        HEAD,
        ESIK,
        "s;shelter;«А\r\nБ»;Имя;Name;194000000;;;".replace("«А\r\nБ»", '"А\r\nБ"'),
        "shelter-x;court;А;Б;C;99;lodging dreaming;;soon",
        ESIK,
        "police-talgar;health;А;Б;C;194000000;;;",
        "shelter-y;shelter;А;Б;C;194000000;;;;;",
        "shelter-z;shelter;А;Б;C;194000000;;;;yes",
    )
    assert done.exit_code == 1
    told = [line.partition(":")[0] for line in done.output.splitlines()]
    assert told == [
        "line 3, id",
        "line 5, agency",
        "line 5, hold_minutes",
        "line 5, kato",
        "line 5, purposes",
        "line 6, id",
        "line 7, agency",
        "line 9",
        "nothing was imported",
    ]
    assert "dreaming" not in done.output
    assert enrolment.hosted() == before


@pytest.mark.parametrize(
    ("lines", "encoding", "why"),
    [
        ((), "utf-8", "line 1, agency: the column is missing"),
        ((HEAD + ";address", ESIK + ";x"), "utf-8", "line 1: the columns are"),
        ((HEAD + ";id", ESIK + ";x"), "utf-8", "line 1: the columns are"),
        ((HEAD.replace(";kato", ""), ESIK), "utf-8", "line 1, kato: the column is missing"),
        ((HEAD, ESIK), "utf-16", "line 1: not UTF-8: save it as"),
        ((HEAD, '"' + ESIK), "utf-8", "line 1: not CSV"),
        ((HEAD, *[""] * 10_001), "utf-8", "line 10002: more than 10000 rows"),
        ((HEAD, "x" * 2_000_001), "utf-8", "line 1: the file is larger than"),
    ],
)
def test_a_file_that_is_no_such_table_is_refused_as_a_whole(
    enrolment: Enrolment, lines: tuple[str, ...], encoding: str, why: str
) -> None:
    done = organisations(enrolment, *lines, encoding=encoding)
    assert (done.exit_code, why in done.output) == (1, True), done.output


def test_without_the_operators_key_nothing_can_be_enrolled_but_a_file_can_be_checked(enrolment: Enrolment) -> None:
    enrolment.secret("operator", "key").unlink()
    assert organisations(enrolment, HEAD, ESIK, more=("--dry-run",)).exit_code == 0
    done = organisations(enrolment, HEAD, ESIK)
    assert (done.exit_code, "only the host that enrols" in done.output) == (1, True)


UNITS = "organisation,unit,for,capacity,occupied,serves"
ROOMS = f"{SHELTER},family-rooms,women_with_children,4,1,wheelchair"
BEDS = f"{SHELTER},beds,all_adults,6,6,"


@pytest.fixture
async def shelter(network: Network) -> AsyncIterator[Bench]:
    async with bench(network, Agency.SHELTER) as service:
        yield service


async def imported(
    service: Bench, folder: Path, *lines: str, more: tuple[str, ...] = (), what: str = "units"
) -> tuple[int, list[str]]:
    file = put(folder / "units.csv", "\n".join(lines))
    url = service.database.url.render_as_string(hide_password=False)
    settings = {**service.network.environment(service.node.agency), "QORGAU_DATABASE_URL": url}
    process = await asyncio.create_subprocess_exec(
        str(QORGAU), "import", what, str(file), *more, stdout=-1, stderr=-1, env={**os.environ, **settings}
    )
    out, err = await process.communicate()
    return process.returncode or 0, (out + err).decode().splitlines()


def put(file: Path, text: str) -> Path:
    file.write_text(text)
    return file


async def units(service: Bench) -> dict[str, Any]:
    async with service.client(SHELTER) as client:
        return {one["unit"]: one for one in (await client.get("/units")).json()["items"]}


async def test_units_are_counted_as_if_each_had_been_sent(shelter: Bench, tmp_path: Path) -> None:
    assert await imported(shelter, tmp_path, UNITS, ROOMS, BEDS) == (0, ["new: 2, changed: 0, as before: 0"])
    found = await units(shelter)
    assert {name: (one["capacity"], one["free"], one["serves"]) for name, one in found.items()} == {
        "family-rooms": (4, 3, ["wheelchair"]),
        "beds": (6, 0, None),
    }


async def test_units_imported_twice_are_as_once_and_what_is_not_said_stays(shelter: Bench, tmp_path: Path) -> None:
    await imported(shelter, tmp_path, UNITS, ROOMS, BEDS)
    before = await units(shelter)
    assert await imported(shelter, tmp_path, UNITS, ROOMS, BEDS) == (0, ["new: 0, changed: 0, as before: 2"])
    assert await units(shelter) == before
    again = ROOMS.replace("4,1,wheelchair", "5,1,")
    assert await imported(shelter, tmp_path, UNITS, again) == (0, ["new: 0, changed: 1, as before: 0"])
    assert (await units(shelter))["family-rooms"]["serves"] == ["wheelchair"]
    assert (await units(shelter))["beds"] == before["beds"]


async def test_a_dry_run_of_units_writes_nothing(shelter: Bench, tmp_path: Path) -> None:
    done = await imported(shelter, tmp_path, UNITS, ROOMS, more=("--dry-run",))
    assert done == (0, ["would be new: 1, would be changed: 0, as before: 0"])
    assert await units(shelter) == {}


async def test_one_line_that_is_wrong_keeps_out_all_of_them(shelter: Bench, tmp_path: Path) -> None:
    code, told = await imported(
        shelter,
        tmp_path,
        UNITS,
        ROOMS,
        ROOMS,
        BEDS.replace("6,6", "6,7"),
        "hospital-19,beds,all_adults,1,0,",
        f"{SHELTER},The Rooms,tents,-1,2.5,",
    )
    assert code == 1
    assert [line.partition(":")[0] for line in told] == [
        "line 3, unit",
        "line 4",
        "line 5, organisation",
        "line 6, capacity",
        "line 6, for",
        "line 6, occupied",
        "line 6, unit",
        "nothing was imported",
    ]
    assert await units(shelter) == {}


async def test_the_police_have_no_units(network: Network, tmp_path: Path) -> None:
    async with bench(network, Agency.POLICE) as police:
        assert await imported(police, tmp_path, UNITS, ROOMS) == (1, ["the service of police has no units"])


PARTNERS = "id;kind;name_kk;name_ru;name_en;kato;address;phone"
SCHOOL = "school-3;school;№ 3 мектеп;Школа № 3;School No. 3;196200000;Талғар, Абай 1;+7 727 000 09 01"
COURT_OFFICE = "court-talgar;court;Талғар соты;Талгарский суд;Talgar court;196200000;Талғар, Абай 2;"


async def partners(shelter: Bench) -> dict[str, str]:
    async with shelter.work() as work:
        return {one.id: one.name_en for one in await letters.partners(work.session)}


async def test_partners_without_a_service_are_added_and_described_anew(shelter: Bench, tmp_path: Path) -> None:
    lines = (PARTNERS, SCHOOL, COURT_OFFICE)
    told = await imported(shelter, tmp_path, *lines, what="partners", more=("--dry-run",))
    assert (told, await partners(shelter)) == ((0, ["would be new: 2, would be changed: 0, as before: 0"]), {})
    assert await imported(shelter, tmp_path, *lines, what="partners") == (0, ["new: 2, changed: 0, as before: 0"])
    assert await imported(shelter, tmp_path, *lines, what="partners") == (0, ["new: 0, changed: 0, as before: 2"])
    again = (PARTNERS, SCHOOL.replace("School No. 3", "School 3"))
    assert await imported(shelter, tmp_path, *again, what="partners") == (0, ["new: 0, changed: 1, as before: 0"])
    assert await partners(shelter) == {"court-talgar": "Talgar court", "school-3": "School 3"}


async def test_a_partner_is_of_a_known_kind_and_has_no_service(shelter: Bench, tmp_path: Path) -> None:
    wrong = (PARTNERS, SCHOOL, SCHOOL, SCHOOL.replace(";school;", ";bank;"), SCHOOL.replace("school-3;", f"{SHELTER};"))
    code, told = await imported(shelter, tmp_path, *wrong, what="partners")
    assert code == 1
    assert [line.partition(":")[0] for line in told] == [
        "line 3, id",
        "line 4, kind",
        "line 5, id",
        "nothing was imported",
    ]
    assert await partners(shelter) == {}
