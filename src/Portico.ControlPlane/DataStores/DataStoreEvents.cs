using Portico.ControlPlane.State;
using Portico.Core.DataStores;
using static Portico.ControlPlane.State.EventDetails;

namespace Portico.ControlPlane.DataStores;

/// <summary>What Render tells of a data store: only that, since its clients know no other types. The caller saves.</summary>
public sealed class DataStoreEvents(EventLog events)
{
    /// <param name="by">Null where no person asked for it.</param>
    public void Created(PorticoDb db, DataStoreRow row, Actor? by)
    {
        ArgumentNullException.ThrowIfNull(row);
        if (row.Kind == DataStoreKind.Postgres)
            Tell(db, row, "postgres_created", new ByUser(by));
    }

    public void Restarted(PorticoDb db, DataStoreRow row, Actor? by)
    {
        ArgumentNullException.ThrowIfNull(row);
        if (row.Kind == DataStoreKind.Postgres)
            Tell(db, row, "postgres_restarted", new ByUser(by));
    }

    /// <param name="restarts">The server of a running store starts again for it.</param>
    public void Changed(PorticoDb db, DataStoreRow row, DataStoreSettings before, bool restarts, Actor? by)
    {
        ArgumentNullException.ThrowIfNull(row);
        ArgumentNullException.ThrowIfNull(before);
        if (row.Kind == DataStoreKind.KeyValue && restarts)
            Tell(db, row, "key_value_config_restart", new ConfigRestart("config_changed", "The settings were changed."));
        if (row.Kind == DataStoreKind.Postgres && row.Settings.DiskSizeGB is { } size && size != before.DiskSizeGB)
            Tell(db, row, "postgres_disk_size_changed", new DiskSizeChanged(by, before.DiskSizeGB ?? 0, size));
    }

    /// <summary>Tells of the status it has now, where there is a word for it.</summary>
    public void Moved(PorticoDb db, DataStoreRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        var type = (row.Kind, row.Status) switch
        {
            (DataStoreKind.Postgres, DataStoreStatus.Available) => "postgres_available",
            (DataStoreKind.Postgres, DataStoreStatus.Unavailable or DataStoreStatus.Failed) => "postgres_unavailable",
            (DataStoreKind.KeyValue, DataStoreStatus.Available) => "key_value_available",
            (DataStoreKind.KeyValue, DataStoreStatus.Unavailable or DataStoreStatus.Failed) => "key_value_unhealthy",
            _ => null,
        };
        if (type is not null)
            Tell(db, row, type, new Nothing());
    }

    /// <summary>Once for each version of the row.</summary>
    private void Tell(PorticoDb db, DataStoreRow row, string type, object details) =>
        events.Add(db, row.Id, type, $"{row.Id}:{type}:{row.Version}", details);
}
