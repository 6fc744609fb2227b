"""Typologies of guilt with their innocent twins, and look-alikes that must stay quiet.

The codes are those of the catalogue of typologies in `docs/methodology.md`: T for
guilty ones, N for look-alikes.
"""

from scanner.simulate import goods_trade, hidden_routes, listed_parties, look_alikes, resending
from scanner.simulate.deals import Make

GUILTY: dict[str, Make] = {
    "T01": listed_parties.listed_party,
    "T02": listed_parties.listed_bank,
    "T03": hidden_routes.nested_bank,
    "T04": goods_trade.transshipment,
    "T05": goods_trade.newborn,
    "T06": goods_trade.goods_to_russia,
    "T07": goods_trade.splitting,
    "T08": hidden_routes.currency_switch,
    "T09": resending.stripped,
    "T10": resending.rerouted,
    "T11": listed_parties.owned,
    "T12": hidden_routes.bare_cover,
    "T13": hidden_routes.third_party_payer,
    "T14": goods_trade.overpaying,
    "T15": goods_trade.credit_without_end_user,
    "T16": hidden_routes.payment_agent,
    "T17": goods_trade.lasting_buyer,
    "T18": goods_trade.service_trace,
    "T19": hidden_routes.value_route,
    "T20": hidden_routes.derisk_echo,
    "T21": listed_parties.disguised,
}
"""Typologies with guilty intent; each makes its innocent twins as well."""

INNOCENT: dict[str, Make] = {
    "N1": look_alikes.exempt_trade,
    "N2": look_alikes.private,
    "N3": look_alikes.namesake,
    "N4": look_alikes.goods_at_home,
    "N5": look_alikes.places,
    "N6": look_alikes.offices,
}
"""Look-alikes that must stay quiet."""
