using Portico.ControlPlane.State;
using Portico.Core.DataStores;
using static Portico.ControlPlane.State.EventDetails;

namespace Portico.ControlPlane.DataStores;

/// <summary>Adds the events of data stores that Render has; its clients know no other types. The caller saves.</summary>
internal sealed class DataStoreEvents(EventLog events)
{
    /// <param name="by">The user who requested it; null if no user did.</param>
    public void Created(PorticoDb db, DataStoreRow row, Actor? by)
    {
        if (row.Kind == DataStoreKind.Postgres)
            Tell(db, row, "postgres_created", new ByUser(by));
    }

    public void Restarted(PorticoDb db, DataStoreRow row, Actor? by)
    {
        if (row.Kind == DataStoreKind.Postgres)
            Tell(db, row, "postgres_restarted", new ByUser(by));
    }

    /// <param name="restarts">Whether the running server is restarted for the change.</param>
    public void Changed(PorticoDb db, DataStoreRow row, DataStoreSettings before, bool restarts, Actor? by)
    {
        if (row.Kind == DataStoreKind.KeyValue && restarts)
            Tell(db, row, "key_value_config_restart", new ConfigRestart("config_changed", "The settings were changed."));
        if (row.Kind == DataStoreKind.Postgres && row.Settings.DiskSizeGB is { } size && size != before.DiskSizeGB)
            Tell(db, row, "postgres_disk_size_changed", new DiskSizeChanged(by, before.DiskSizeGB ?? 0, size));
    }

    /// <summary>Adds an event for the present status, if Render has one.</summary>
    public void Moved(PorticoDb db, DataStoreRow row)
    {
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

    /// <summary>Adds an event once per version of the row.</summary>
    private void Tell(PorticoDb db, DataStoreRow row, string type, object details) =>
        events.Add(db, row.Id, type, $"{row.Id}:{type}:{row.Version}", details);
}
