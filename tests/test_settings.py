"""The environment is read once, and a bad value stops the start without spilling a secret."""

import math
import traceback
from pathlib import Path

import pytest
from limits import parse

from imagen_demo.aimlapi.transport import Timeouts
from imagen_demo.domain.errors import ConfigurationError
from imagen_demo.environment import VARIABLES
from imagen_demo.pictures.retention import Limits
from imagen_demo.server.access import Access, Account
from imagen_demo.service.budget import Allowance
from imagen_demo.service.provider_settings import SandboxMode
from imagen_demo.settings import Settings

KEYS = ("AIMLAPI_API_KEY", "AIML_API_KEY", "AIMLAPI_KEY")
HOME = "https://api.aimlapi.com"
NAMES = [each.name for each in VARIABLES]


def read(**environ: str) -> Settings:
    return Settings.from_env({"HOME": "/root", **environ})


def complaint(**environ: str) -> str:
    with pytest.raises(ConfigurationError) as caught:
        read(**environ)
    return "".join(traceback.format_exception(caught.value))


def test_an_environment_without_settings_gives_the_defaults() -> None:
    assert read() == Settings(
        host_key="",
        base_url=HOME,
        sandbox=SandboxMode.AUTO,
        timeouts=Timeouts(10.0, 180.0),
        pictures=Path("pictures"),
        limits=Limits(days=math.inf, gb=math.inf),
        allowance=Allowance(parse("10/hour"), 2_000_000, "memory://"),
        access=Access(local=True),
    )


def test_the_process_environment_is_read_by_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIMLAPI_API_KEY", "one")
    assert Settings.from_env().host_key == "one"


@pytest.mark.parametrize(
    ("values", "key"),
    [
        *((("one", "two", "three"), "one"), (("", "two", "three"), "two")),
        *((("", " \n", "three"), "three"), (("", "", ""), "")),
        *((("", "", " three\n"), "three"), (("Bearer one", "", ""), "one")),
    ],
)
def test_the_hosts_key_is_the_first_that_is_set(values: tuple[str, ...], key: str) -> None:
    environ = dict(zip(KEYS, values, strict=True))
    assert read(**environ).host_key == key
    assert read(**{name: value for name, value in environ.items() if value}).host_key == key


@pytest.mark.parametrize("name", KEYS)
@pytest.mark.parametrize(
    ("value", "why"),
    [
        *(("hunter2 hunter2", "There is a space"), ("hunter2\nx", "There is a space")),
        *(("hunter2é", "Character 8 of the API key"), ("hunter2" * 40, "The API key has 280")),
        *(
            ("hunter2...9f", "Part of the API key is hidden"),
            ("<your-key>", "That is a placeholder"),
        ),
        ("https://hunter2.test", "That is a web address"),
    ],
    ids=ascii,
)
def test_a_bad_key_stops_the_start_naming_the_variable_only(
    name: str, value: str, why: str
) -> None:
    said = complaint(**{name: value})
    assert f"ConfigurationError: {name} does not hold an API key. {why}" in said
    assert "hunter2" not in said


@pytest.mark.parametrize("name", KEYS)
@pytest.mark.parametrize(
    "value", ['"{}"', "'{}',", "<{}>", "AIMLAPI_API_KEY={}", "Bearer {}", "\ufeff{}\u200b", "`{}`"]
)
def test_a_key_is_cleaned_of_what_came_along_with_it(name: str, value: str) -> None:
    assert read(**{name: value.format("hunter2")}).host_key == "hunter2"


def test_a_key_that_holds_quotes_alone_is_not_set() -> None:
    assert (
        read(AIMLAPI_API_KEY='""', AIML_API_KEY="Bearer", AIMLAPI_KEY="three").host_key == "three"
    )
    assert not read(AIMLAPI_API_KEY="''").host_key


def test_settings_never_show_the_hosts_key() -> None:
    settings = read(AIMLAPI_API_KEY="hunter2")
    assert "hunter2" not in f"{settings!r} {settings}"


@pytest.mark.parametrize(
    ("value", "url"),
    [
        *((HOME, HOME), (f"{HOME}/", HOME), (f"{HOME}/v1", HOME), (f" {HOME}/v1/ ", HOME)),
        ("https://proxy.example:8443/aiml/v1", "https://proxy.example:8443/aiml"),
        ("https://proxy.example/v10", "https://proxy.example/v10"),
        ("http://127.0.0.1:8399", "http://127.0.0.1:8399"),
        ("http://localhost:8399/v1", "http://localhost:8399"),
        ("http://[::1]:8399", "http://[::1]:8399"),
        ("", HOME),
    ],
)
def test_a_base_url_is_taken_as_other_tools_write_it(value: str, url: str) -> None:
    assert read(AIMLAPI_BASE_URL=value).base_url == url


@pytest.mark.parametrize(
    "value",
    [
        *("http://api.aimlapi.com", "http://192.168.0.7", "http://127.0.0.1.evil.example"),
        *("http://localhost.evil.example", "http://[::2]", "http://0.0.0.0:80"),
        *("api.aimlapi.com", "https://", "ftp://api.aimlapi.com", "file:///etc/passwd", "//x/v1"),
        *("https://x:port", "https://x:99999", "https://x:0", "https://x:-1", "https://[::1"),
        *("https://x/?a=b", "https://x#a", "https://x/v1?a=b", "https://x?a=/v1"),
        *("https://me:hunter2@x", "https://hunter2@x", "https://:hunter2@x", "https://@x"),
        *("http://hunter2@127.0.0.1", "https://x?", "https://x#", "https://a b", "https://x\\y"),
    ],
)
def test_a_bad_base_url_stops_the_start_naming_the_variable(value: str) -> None:
    said = complaint(AIMLAPI_BASE_URL=value)
    assert "ConfigurationError: AIMLAPI_BASE_URL " in said
    assert "hunter2" not in said


@pytest.mark.parametrize("value", ["auto", "only", "off", "ONLY", " Off "])
def test_a_sandbox_mode_is_read_in_any_case(value: str) -> None:
    assert read(IMAGEN_DEMO_SANDBOX=value).sandbox == value.strip().lower()
    assert read(IMAGEN_DEMO_SANDBOX="").sandbox is SandboxMode.AUTO


@pytest.mark.parametrize("value", ["on", "yes", "1", "auto only"])
def test_an_unknown_sandbox_mode_stops_the_start_with_the_choices(value: str) -> None:
    said = complaint(IMAGEN_DEMO_SANDBOX=value)
    assert "ConfigurationError: IMAGEN_DEMO_SANDBOX must be one of: auto, only, off." in said


def test_timeouts_are_read_each_for_itself() -> None:
    timeouts = read(IMAGEN_DEMO_CONNECT_TIMEOUT="0.5", IMAGEN_DEMO_READ_TIMEOUT=" 3600 ").timeouts
    assert timeouts == Timeouts(connect=0.5, read=3600.0)
    assert read(IMAGEN_DEMO_READ_TIMEOUT="").timeouts == Timeouts()


@pytest.mark.parametrize("name", ["IMAGEN_DEMO_CONNECT_TIMEOUT", "IMAGEN_DEMO_READ_TIMEOUT"])
@pytest.mark.parametrize("value", ["0", "-1", "nan", "inf", "ten", "10s", "3601", "1e999"])
def test_a_bad_timeout_stops_the_start_naming_the_variable(name: str, value: str) -> None:
    assert f"ConfigurationError: {name} must be a number of seconds" in complaint(**{name: value})


def test_an_empty_environment_is_not_the_processs_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIMLAPI_KEY", "of-the-process")
    assert Settings.from_env({}).host_key == ""


@pytest.mark.parametrize(
    ("value", "folder"),
    [
        *(("album", "album"), ("../album", "../album"), ("/srv/my album", "/srv/my album")),
        *((" /srv/album/ ", "/srv/album"), ("", "pictures"), ("  ", "pictures"), (".", ".")),
    ],
)
def test_the_folder_of_pictures_may_be_anywhere(value: str, folder: str) -> None:
    assert read(IMAGEN_DEMO_PICTURES=value).pictures == Path(folder)


def test_a_tilde_in_the_folder_of_pictures_is_the_home_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert read(IMAGEN_DEMO_PICTURES="~/album").pictures == tmp_path / "album"
    assert read(IMAGEN_DEMO_PICTURES="~").pictures == tmp_path
    assert read(IMAGEN_DEMO_PICTURES="album/~").pictures == Path("album/~")


def test_a_home_folder_of_nobody_stops_the_start_naming_the_variable() -> None:
    said = complaint(IMAGEN_DEMO_PICTURES="~nobody-of-this-name/album")
    assert "ConfigurationError: IMAGEN_DEMO_PICTURES names nobody's home folder." in said


@pytest.fixture
def storage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where a Space's storage would be; /data itself is no test's to make."""
    monkeypatch.setattr("imagen_demo.settings._SPACE_STORAGE", tmp_path / "data")
    return tmp_path / "data"


def test_a_space_keeps_pictures_on_its_storage_if_it_has_one(storage: Path) -> None:
    assert read(SPACE_ID="me/imagen").pictures == Path("pictures")
    storage.mkdir()
    assert read(SPACE_ID="me/imagen").pictures == storage / "pictures"
    assert read(SPACE_ID="me/imagen", IMAGEN_DEMO_PICTURES="").pictures == storage / "pictures"
    assert read(SPACE_ID="me/imagen", IMAGEN_DEMO_PICTURES="album").pictures == Path("album")


@pytest.mark.parametrize("environ", [{}, {"SPACE_ID": ""}, {"SPACE_ID": " "}], ids=repr)
def test_elsewhere_a_folder_of_that_name_is_nothing_special(
    storage: Path, environ: dict[str, str]
) -> None:
    storage.mkdir()
    assert read(**environ).pictures == Path("pictures")


@pytest.mark.parametrize(
    ("value", "limit"),
    [("30", 30), ("0.5", 0.5), (" 7 ", 7), ("1e3", 1000), ("", math.inf), ("inf", math.inf)],
)
def test_limits_are_read_each_for_itself(value: str, limit: float) -> None:
    assert read(IMAGEN_DEMO_KEEP_DAYS=value).limits == Limits(days=limit)
    assert read(IMAGEN_DEMO_KEEP_GB=value).limits == Limits(gb=limit)
    both = read(IMAGEN_DEMO_KEEP_DAYS=value, IMAGEN_DEMO_KEEP_GB="2").limits
    assert both == Limits(days=limit, gb=2)


def test_a_space_stands_behind_a_proxy_unless_its_host_says_otherwise() -> None:
    assert read(SPACE_ID="me/imagen").access.trusted_proxies == 1
    assert read(SPACE_ID="").access.trusted_proxies == 0
    more = read(SPACE_ID="me/imagen", IMAGEN_DEMO_TRUSTED_PROXIES="2")
    assert more.access.trusted_proxies == 2


@pytest.mark.parametrize("name", ["IMAGEN_DEMO_KEEP_DAYS", "IMAGEN_DEMO_KEEP_GB"])
@pytest.mark.parametrize(
    "value", ["0", "-1", "0.0", "-0", "nan", "-inf", "1e-999", "ten", "30 days", "5GB", "1,5"]
)
def test_a_bad_limit_stops_the_start_naming_the_variable(name: str, value: str) -> None:
    assert f"ConfigurationError: {name} must be a number above zero" in complaint(**{name: value})


@pytest.mark.parametrize(
    ("value", "limit"),
    [
        *(("10/hour", "10/hour"), ("3 per minute", "3/minute"), (" 5 / 2 Hours ", "5/2 hours")),
        *(("0/day", "0/day"), ("1/second", "1/second"), ("7/month", "7/month"), ("", "10/hour")),
    ],
)
def test_a_visitors_limit_is_pictures_a_time(value: str, limit: str) -> None:
    assert read(IMAGEN_DEMO_SANDBOX_LIMIT=value or limit).sandbox_limit == parse(limit)
    assert read(IMAGEN_DEMO_VISITOR_LIMIT=value).allowance == Allowance(parse(limit))
    assert read().sandbox_limit == parse("120/hour")


@pytest.mark.parametrize(
    "value", ["10", "ten/hour", "10/fortnight", "-1/hour", "1.5/hour", "/hour", "hour", "10//hour"]
)
def test_a_bad_visitors_limit_stops_the_start_naming_the_variable(value: str) -> None:
    for name in ("IMAGEN_DEMO_VISITOR_LIMIT", "IMAGEN_DEMO_SANDBOX_LIMIT"):
        said = complaint(**{name: value})
        assert f"ConfigurationError: {name} must be pictures a time" in said


@pytest.mark.parametrize(
    ("value", "number"), [("0", 0), ("1", 1), (" 2000000 ", 2_000_000), ("9" * 12, 10**12 - 1)]
)
def test_whole_numbers_are_read_each_for_itself(value: str, number: int) -> None:
    assert read(IMAGEN_DEMO_DAILY_TOKENS=value).allowance == Allowance(daily_tokens=number)
    assert read(IMAGEN_DEMO_TRUSTED_PROXIES=value).access.trusted_proxies == number
    untouched = read(IMAGEN_DEMO_DAILY_TOKENS="", IMAGEN_DEMO_TRUSTED_PROXIES=" ")
    assert untouched == read()


@pytest.mark.parametrize("name", ["IMAGEN_DEMO_DAILY_TOKENS", "IMAGEN_DEMO_TRUSTED_PROXIES"])
@pytest.mark.parametrize(
    "value", ["-1", "1.5", "1e6", "ten", "2,000,000", "2_000_000", "\u0663", "inf", "9" * 13]
)
def test_a_bad_whole_number_stops_the_start_naming_the_variable(name: str, value: str) -> None:
    assert f"ConfigurationError: {name} must be a whole number" in complaint(**{name: value})


@pytest.mark.parametrize(
    "value", ["memory://", "redis://localhost", "redis://:hunter2@10.0.0.1:6379/1", "rediss://h:1"]
)
def test_limits_are_counted_here_or_in_redis(value: str) -> None:
    assert read(IMAGEN_DEMO_LIMITS_STORAGE=value).allowance == Allowance(storage=value)
    assert read(IMAGEN_DEMO_LIMITS_STORAGE="").allowance.storage == "memory://"


@pytest.mark.parametrize(
    "value",
    [
        *("hunter2", "redis", "redis://", "memory", "memory://hunter2", "http://:hunter2@h"),
        *("memcached://hunter2", "mongodb://:hunter2@h", "REDIS://:hunter2@h", "//:hunter2@h"),
        *("redis://:hunter2 @h", "redis://:hunter2@h\nx", "redis://:hunter2\u200b@h"),
        "redis+sentinel://:hunter2@h/x",
    ],
    ids=ascii,
)
def test_another_storage_stops_the_start_naming_the_variable_only(value: str) -> None:
    said = complaint(IMAGEN_DEMO_LIMITS_STORAGE=value)
    assert "ConfigurationError: IMAGEN_DEMO_LIMITS_STORAGE must be memory:// or" in said
    assert "hunter2" not in said


def test_settings_never_show_the_password_of_redis() -> None:
    settings = read(IMAGEN_DEMO_LIMITS_STORAGE="redis://:hunter2@h")
    assert "hunter2" not in f"{settings!r} {settings} {settings.allowance}"


@pytest.mark.parametrize(
    "value", ["redis://h:port", "redis://:hunter2/x@h:6379", "redis://h?hunter2=1", "redis://h:0x"]
)
def test_an_address_that_redis_cannot_read_stops_the_start(value: str) -> None:
    said = complaint(IMAGEN_DEMO_LIMITS_STORAGE=value)
    assert "IMAGEN_DEMO_LIMITS_STORAGE" in said
    assert "hunter2" not in said


def test_who_may_come_in_and_from_where_is_read() -> None:
    assert read().access == Access(local=True)
    assert read(GRADIO_SERVER_NAME="0.0.0.0").access == Access()  # noqa: S104 - nothing listens
    assert read(IMAGEN_DEMO_TRUSTED_PROXIES="1").access == Access(trusted_proxies=1)
    assert read(
        IMAGEN_DEMO_AUTH=" ann:hunter2 ",
        IMAGEN_DEMO_ALLOWED_ORIGINS="https://example.org",
        IMAGEN_DEMO_FRAME_ANCESTORS="none",
    ).access == Access(
        accounts=(Account("ann", "hunter2"),),
        origins=frozenset({"https://example.org"}),
        framing=("'none'",),
        local=True,
    )


@pytest.mark.parametrize("address", ["", "127.0.0.1", "LocalHost", "[::1]"])
def test_a_demo_that_listens_to_this_machine_alone_is_local(address: str) -> None:
    assert read(GRADIO_SERVER_NAME=address).access.local


@pytest.mark.parametrize("address", ["0.0.0.0", "::", "192.168.1.5", "x"])  # noqa: S104 - likewise
def test_a_demo_that_listens_to_others_is_not(address: str) -> None:
    assert not read(GRADIO_SERVER_NAME=address).access.local


def test_settings_never_show_a_password() -> None:
    settings = read(IMAGEN_DEMO_AUTH="ann:hunter2")
    assert "hunter2" not in f"{settings!r} {settings}"


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        *(("IMAGEN_DEMO_AUHT", "AUTH"), ("IMAGEN_DEMO_MPC", "MCP"), ("imagen_demo_auth", "AUTH")),
        *(("IMAGEN_DEMO_TIMEOUT", "READ_TIMEOUT"), ("IMAGEN_DEMO_KEEP_MB", "KEEP_GB")),
        *(("Imagen_Demo_Sandbox", "SANDBOX"), ("IMAGEN_DEMO_SANDBOX_LATENCY", "SANDBOX_LIMIT")),
        *(("IMAGENDEMO_AUTH", "AUTH"), ("IMAGE_DEMO_AUTH", "AUTH"), ("IMAGEN-DEMO-AUTH", "AUTH")),
    ],
)
@pytest.mark.parametrize("value", ["ann:hunter2", ""])
def test_a_name_with_a_slip_stops_the_start_with_the_nearest(
    name: str, nearest: str, value: str
) -> None:
    said = complaint(**{name: value})
    assert f"{name} is not a setting of this demo. Did you mean IMAGEN_DEMO_{nearest}?" in said
    assert "hunter2" not in said


@pytest.mark.parametrize("name", ["IMAGEN_DEMO_", "IMAGEN_DEMO_COLOUR", "IMAGEN_DEMO_LISTEN_PORT"])
def test_a_name_like_no_other_stops_the_start_with_where_all_are(name: str) -> None:
    said = complaint(**{name: "hunter2"})
    assert f"{name} is not a setting of this demo. docs/settings.md lists them all." in said
    assert "hunter2" not in said


def test_names_of_others_are_none_of_ours() -> None:
    others = ("GRADIO_TEMP_DIR", "AIMLAPI_LIVE_KEY", "AIML_API_BASE", "DEMO_AUTH", "AUTH", "")
    assert read(**dict.fromkeys(others, "x")) == read()


def test_what_kubernetes_sets_for_a_service_of_this_name_is_no_setting() -> None:
    address = "tcp://10.0.0.1:7860"
    port = "IMAGEN_DEMO_PORT_7860_TCP"
    links = {"IMAGEN_DEMO_SERVICE_HOST": "10.0.0.1", "IMAGEN_DEMO_SERVICE_PORT": "7860"}
    links |= {"IMAGEN_DEMO_SERVICE_PORT_HTTP": "7860", "IMAGEN_DEMO_PORT": address, port: address}
    links |= {f"{port}_PROTO": "tcp", f"{port}_PORT": "7860", f"{port}_ADDR": "10.0.0.1"}
    links |= {"IMAGEN_DEMO_REDIS_SERVICE_HOST": "10.0.0.2", "IMAGEN_DEMO_REDIS_PORT": address}
    assert read(**links) == read()
    assert "IMAGEN_DEMO_PORT is not a setting" in complaint(IMAGEN_DEMO_PORT="8080")


def test_every_setting_may_be_empty() -> None:
    assert read(**dict.fromkeys(NAMES, "")) == read()


def test_every_default_of_the_table_is_that_of_the_code() -> None:
    assert read(**{each.name: each.default for each in VARIABLES}) == read()
    assert read() == Settings(access=Access(local=True))


@pytest.mark.parametrize("name", NAMES)
def test_every_setting_of_the_table_is_read(name: str) -> None:
    assert name in complaint(**{name: "~nobody-of-this-name/é"})


def test_quotes_that_docker_leaves_are_taken_off_any_setting() -> None:
    quoted = read(
        IMAGEN_DEMO_AUTH='"ann:hunter2"',
        IMAGEN_DEMO_PICTURES=" '/srv/my album' ",
        IMAGEN_DEMO_KEEP_DAYS='"7"',
        IMAGEN_DEMO_FRAME_ANCESTORS="'self'",
        AIMLAPI_BASE_URL='"https://proxy.example/v1"',
    )
    assert quoted.access.accounts == (Account("ann", "hunter2"),)
    assert quoted.access.framing == ("'self'",)
    assert quoted.pictures == Path("/srv/my album")
    assert quoted.limits == Limits(days=7)
    assert quoted.base_url == "https://proxy.example"
    assert read(IMAGEN_DEMO_FRAME_ANCESTORS="'self' https://a.example").access.framing == (
        "'self'",
        "https://a.example",
    )
    assert read(IMAGEN_DEMO_AUTH="ann:'hunter2'").access.accounts == (Account("ann", "'hunter2'"),)
