import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('exams', '0002_plain_entry_codes'),
        ('reports', '0001_reports_by_version'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='reportfile',
            name='report_file_state_known',
        ),
        migrations.RemoveConstraint(
            model_name='reportfile',
            name='report_file_changes_with_a_reason',
        ),
        migrations.RemoveConstraint(
            model_name='reportfile',
            name='report_file_no_wrong_line_published',
        ),
        migrations.AlterField(
            model_name='reportfile',
            name='published_by',
            field=models.ForeignKey(db_column='published_by_id', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='Published by'),
        ),
        migrations.RenameField(
            model_name='reportfile',
            old_name='published_by',
            new_name='ordered_by',
        ),
        migrations.AddField(
            model_name='reportfile',
            name='calls',
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='reportfile',
            name='done_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='Finished at'),
        ),
        migrations.AddField(
            model_name='reportfile',
            name='due_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='Next attempt'),
        ),
        migrations.AddField(
            model_name='reportfile',
            name='language',
            field=models.CharField(db_default='en', default='en', max_length=2),
        ),
        migrations.AddField(
            model_name='reportfile',
            name='lines',
            field=models.PositiveIntegerField(db_default=0, default=0, verbose_name='Lines'),
        ),
        migrations.AddField(
            model_name='reportfile',
            name='tries',
            field=models.PositiveSmallIntegerField(db_default=0, default=0, verbose_name='Attempts'),
        ),
        migrations.AlterField(
            model_name='reportfile',
            name='state',
            field=models.CharField(choices=[('waiting', 'Being checked'), ('wrong', 'Lines are wrong: nothing was published'), ('checked', 'Checked, can be published'), ('ordered', 'Being published'), ('published', 'Published'), ('forgotten', 'Deleted without being published')], default='waiting', max_length=9, verbose_name='Status'),
        ),
        migrations.AddIndex(
            model_name='reportfile',
            index=models.Index(condition=models.Q(('state__in', ('waiting', 'ordered'))), fields=['made_at'], name='report_file_to_do'),
        ),
        migrations.AddConstraint(
            model_name='reportfile',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'ordered')), fields=('series', 'level', 'kind'), name='report_file_one_published_at_a_time'),
        ),
        migrations.AddConstraint(
            model_name='reportfile',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'wrong', 'checked', 'ordered', 'published', 'forgotten'])), name='report_file_state_known'),
        ),
        migrations.AddConstraint(
            model_name='reportfile',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'published'), _negated=True), ('reissued', 0), models.Q(('reason', ''), _negated=True), _connector='OR'), name='report_file_reissues_with_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='reportfile',
            constraint=models.CheckConstraint(condition=models.Q(('wrong', 0), ('state__in', ('wrong', 'forgotten')), _connector='OR'), name='report_file_publishes_no_wrong_line'),
        ),
    ]
