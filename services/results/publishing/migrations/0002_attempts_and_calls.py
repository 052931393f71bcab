from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('publishing', '0001_files_of_results'),
    ]

    operations = [
        migrations.AddField(
            model_name='resultsimport',
            name='calls',
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='resultsimport',
            name='due_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='Next attempt'),
        ),
        migrations.AddField(
            model_name='resultsimport',
            name='tries',
            field=models.PositiveSmallIntegerField(db_default=0, default=0, verbose_name='Attempts'),
        ),
        migrations.AlterField(
            model_name='resultsimport',
            name='language',
            field=models.CharField(db_default='en', default='en', max_length=2),
        ),
    ]
