"""Places carry the words by which the list of people is sorted and searched (MAN-1). `accounts` fills them in for what exists already."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("permissions", "0003_access_reviews")]

    operations = [
        migrations.AddField("membership", "sort_en", models.CharField(blank=True, default="", editable=False, max_length=200)),
        migrations.AddField("membership", "sort_cy", models.CharField(blank=True, default="", editable=False, max_length=200)),
        migrations.AddField("membership", "searched", models.CharField(blank=True, default="", editable=False, max_length=900)),
        migrations.AddIndex("membership", models.Index(fields=["centre", "sort_en", "id"], name="membership_by_name_en")),
        migrations.AddIndex("membership", models.Index(fields=["centre", "sort_cy", "id"], name="membership_by_name_cy")),
    ]
