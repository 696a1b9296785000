"""The rides."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Make the table."""

    initial = True
    dependencies = ()
    operations = (
        migrations.CreateModel(
            name="Ride",
            fields=[
                ("id", models.CharField(primary_key=True, max_length=40, serialize=False)),
                ("rider", models.CharField(max_length=40)),
                ("driver", models.CharField(max_length=40)),
                ("km", models.PositiveIntegerField()),
            ],
        ),
    )
