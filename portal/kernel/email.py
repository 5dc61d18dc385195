"""E-mail addresses as they are compared and shown."""

from email_validator import EmailNotValidError, validate_email


def parse(typed: str) -> str:
    """The address in the form it is stored in (lower case). Raises ValueError when it is none."""
    try:
        checked = validate_email(typed.strip(), check_deliverability=False, test_environment=False)
    except EmailNotValidError as error:
        raise ValueError(str(error)) from error
    return checked.normalized.lower()


def mask(address: str) -> str:
    """`siti.rahma@gmail.com` → `s•••@gmail.com`."""
    local, _, domain = address.partition("@")
    return f"{local[:1]}•••@{domain}"
