using Portico.Core.DataStores;
using Portico.Core.Engines;
using Portico.Core.Ids;

namespace Portico.ControlPlane.DataStores;

/// <summary>Makes the rows of new data stores, with all that is fixed at creation.</summary>
public sealed class DataStoreMaker(IdSource ids, RandomText random, IEngine engine, TimeProvider time)
{
    /// <param name="databaseName">Null or empty to make one up, as for <paramref name="user"/>.</param>
    public DataStoreRow NewPostgres(
        string workspace, string name, DataStoreSettings settings, string? databaseName, string? user, int port)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var credentials = PostgresCredentials.Create(name, databaseName, user, random);
        var certificate = SelfSignedCertificate.Create(name, time);
        return NewRow(ids.New<PostgresId>().Value, workspace, DataStoreKind.Postgres, name, settings, new DataStoreIdentityData
        {
            Port = port,
            Password = credentials.Password,
            DatabaseName = credentials.DatabaseName,
            User = credentials.User,
            SuperuserPassword = credentials.SuperuserPassword,
            MajorVersion = settings.MajorVersion ?? NewestPostgres(),
            CertificatePem = certificate.CertificatePem,
            PrivateKeyPem = certificate.PrivateKeyPem,
        });
    }

    public DataStoreRow NewKeyValue(string workspace, string name, DataStoreSettings settings, int port) => NewRow(
        ids.New<KeyValueId>().Value, workspace, DataStoreKind.KeyValue, name, settings,
        new DataStoreIdentityData { Port = port, Password = random.Password() });

    /// <summary>Of those that this engine has.</summary>
    public string NewestPostgres() =>
        engine.Capabilities.Runtimes.Single(runtime => runtime.Name == "postgres").Versions[0];

    private DataStoreRow NewRow(
        string id, string workspace, DataStoreKind kind, string name, DataStoreSettings settings, DataStoreIdentityData identity)
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
            Status = DataStoreStatus.Creating,
            StatusSince = now,
            CreatedAt = now,
            UpdatedAt = now,
        };
    }
}
