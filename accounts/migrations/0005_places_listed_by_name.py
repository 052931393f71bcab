"""Fill in by which words existing places are listed: of the person, or of the open invite that holds the place."""

from typing import Any

from django.db import migrations

from portal.folding import fold, name_key

_BATCH = 500


def fill(apps: Any, _editor: Any) -> None:
    places = apps.get_model("permissions", "Membership").objects.filter(searched="").select_related("user", "invitation")
    waiting = []
    for place in places.iterator(_BATCH):
        who = place.user or getattr(place, "invitation", None)
        if who is None:
            continue
        place.sort_en = name_key(who.last_name, who.first_name, "en")
        place.sort_cy = name_key(who.last_name, who.first_name, "cy")
        place.searched = fold(f"{who.first_name} {who.last_name} {who.email}")[:900]
        waiting.append(place)
    for start in range(0, len(waiting), _BATCH):
        places.model.objects.bulk_update(waiting[start : start + _BATCH], ["sort_en", "sort_cy", "searched"])


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_code_recognised"), ("permissions", "0004_places_listed_by_name")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]
