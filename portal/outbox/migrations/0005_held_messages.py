from django.db import migrations, models

from portal.migrating import AddCheckBeside, AddIndexBeside


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ('outbox', '0004_found_by_recipient'),
    ]

    operations = [
        AddIndexBeside(
            model_name='message',
            index=models.Index(condition=models.Q(('state', 'held')), fields=['state'], name='message_held'),
        ),
        AddCheckBeside(
            model_name='message',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ('queued', 'claimed', 'held')), ('secret', ''), _connector='OR'), name='message_secret_wiped_at_its_end'),
        ),
    ]
