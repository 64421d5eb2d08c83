using Portico.ControlPlane.Running;
using Portico.ControlPlane.State;
using Portico.Core.DataStores;
using Portico.Core.Engines;
using Portico.Core.Ids;

namespace Portico.ControlPlane.DataStores;

/// <summary>Creates the rows of new data stores, with everything that is fixed at creation.</summary>
internal sealed class DataStoreCreation(IdSource ids, RandomText random, PortAllocator ports, PrivateNetwork network, IEngine engine, TimeProvider time)
{
    /// <param name="taken">What other resources have. The new ports and the new number are added.</param>
    /// <param name="databaseName">Null or empty to generate a name, as for <paramref name="user"/>.</param>
    public DataStoreRow NewPostgres(
        string workspace, string name, DataStoreSettings settings, string? databaseName, string? user, TakenAddresses taken)
    {
        var credentials = PostgresCredentials.Create(name, databaseName, user, random);
        var certificate = SelfSignedCertificate.Create(name, time);
        return NewRow(ids.New<PostgresId>().Value, workspace, DataStoreKind.Postgres, name, settings, new DataStoreIdentityData
        {
            Port = ports.Take(taken.Ports),
            ExternalPort = ports.TakeExternal(taken.Ports),
            Password = credentials.Password,
            DatabaseName = credentials.DatabaseName,
            User = credentials.User,
            SuperuserPassword = credentials.SuperuserPassword,
            MajorVersion = settings.MajorVersion ?? NewestPostgres(),
            CertificatePem = certificate.CertificatePem,
            PrivateKeyPem = certificate.PrivateKeyPem,
        }, taken);
    }

    public DataStoreRow NewKeyValue(string workspace, string name, DataStoreSettings settings, TakenAddresses taken)
    {
        var row = NewRow(ids.New<KeyValueId>().Value, workspace, DataStoreKind.KeyValue, name, settings,
            new DataStoreIdentityData { Port = ports.Take(taken.Ports), Password = random.Password(), SuperuserPassword = random.Password() }, taken);
        Open(row, taken);
        return row;
    }

    /// <summary>
    /// Prepares a data store for external access if it is not prepared yet. A data store of an earlier version is restarted
    /// once for this; later changes of the allow list need no restart.
    /// </summary>
    /// <returns>Whether something was changed. A server that was built without TLS stays internal.</returns>
    public bool Open(DataStoreRow row, TakenAddresses taken)
    {
        if (row.Identity.ExternalPort is not null || !CanOpen(row.Kind) || ports.TakeExternal(taken.Ports) is not { } external)
            return false;
        row.Identity = row.Kind == DataStoreKind.Postgres
            ? row.Identity with { ExternalPort = external }
            : WithTls(row.Identity with { ExternalPort = external }, SelfSignedCertificate.Create(row.Name, time), ports.Take(taken.Ports));
        return true;
    }

    /// <summary>Adds what a Key Value store of an earlier version lacks: Portico's own account. The store is restarted once for this.</summary>
    /// <returns>Whether something was changed.</returns>
    public bool Complete(DataStoreRow row)
    {
        if (row.Kind != DataStoreKind.KeyValue || row.Identity.SuperuserPassword is not null)
            return false;
        row.Identity = row.Identity with { SuperuserPassword = random.Password() };
        return true;
    }

    private static DataStoreIdentityData WithTls(DataStoreIdentityData identity, SelfSignedCertificate certificate, int port) => identity with
    {
        TlsPort = port,
        CertificatePem = certificate.CertificatePem,
        PrivateKeyPem = certificate.PrivateKeyPem,
    };

    /// <summary>The newest version that is installed; if none is, the newest that can be fetched.</summary>
    public string NewestPostgres() =>
        engine.Capabilities.Runtimes.Where(runtime => runtime.Name == "postgres").SelectMany(runtime => runtime.Versions.Concat(runtime.Fetchable)).First();

    private bool CanOpen(DataStoreKind kind) =>
        kind == DataStoreKind.Postgres || engine.Capabilities.Runtimes.Any(runtime => runtime is { Name: "keyvalue", Encrypts: true });

    private DataStoreRow NewRow(
        string id, string workspace, DataStoreKind kind, string name, DataStoreSettings settings, DataStoreIdentityData identity, TakenAddresses taken)
    {
        var now = time.GetUtcNow();
        return new DataStoreRow
        {
            Id = id,
            WorkspaceId = workspace,
            Kind = kind,
            Name = name,
            Settings = settings,
            Identity = identity,
            AddressNumber = taken.TakeStore(network.Numbered),
            Status = DataStoreStatus.Creating,
            StatusSince = now,
            CreatedAt = now,
            UpdatedAt = now,
        };
    }
}
