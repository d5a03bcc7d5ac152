"""Who sells the pictures: AI/ML API's name and addresses, said once.

`advice` and `errors` put them into words, `ui` into links; `settings` and `code_snippets` take the
address of the API from here.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Vendor:
    """A vendor as one row.

    Attributes:
        name: What visitors know it by.
        site: Its host, of which its pages' hosts end in.
        key_page: Where a key is made; without scheme, as it is read in a sentence, like all pages.
        billing_page: Where an account is filled up and verified.
        documentation: Where the API is documented.
        playground: Where the vendor itself lets people try the default model.
        base_url: Where the API is, without `/v1`.
    """

    name: str
    site: str
    key_page: str
    billing_page: str
    documentation: str
    playground: str
    base_url: str


VENDOR = Vendor(
    name="AI/ML API",
    site="aimlapi.com",
    key_page="aimlapi.com/app/keys",
    billing_page="aimlapi.com/app/billing",
    documentation="docs.aimlapi.com/",
    playground="aimlapi.com/app/google/imagen-4-0-generate-001",
    base_url="https://api.aimlapi.com",
)
