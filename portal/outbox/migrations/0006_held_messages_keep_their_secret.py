from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('outbox', '0005_held_messages'),
    ]

    operations = [
        # The check of 0005 says the same and allows more: older code knows no message that it refuses.
        migrations.RemoveConstraint(
            model_name='message',
            name='message_secret_wiped_when_done',
        ),
        migrations.AlterField(
            model_name='message',
            name='state',
            field=models.CharField(choices=[('queued', 'Queued'), ('claimed', 'Being sent'), ('held', 'Held back after a restore'), ('accepted', 'Sent'), ('delivered', 'Delivered'), ('bounced', 'Bounced: the email could not be delivered'), ('failed', 'Refused by the mail server'), ('expired', 'Not sent in time'), ('dead', 'Given up')], default='queued', max_length=10, verbose_name='Status'),
        ),
    ]
