using Portico.Core.DataStores;
using Portico.Core.Engines;

namespace Portico.Postgres;

/// <summary>Manages PostgreSQL databases. Each has its own server with one database, one role and one disk.</summary>
/// <remarks>
/// A change of the server's files changes the revision, so the server restarts. The user's password is not in a file but in the
/// catalog, where <see cref="ConfigureAsync"/> sets it without a restart.
/// </remarks>
internal sealed class PostgresServer(PostgresSpec spec) : IDataStore
{
    private const string ConfigurationFile = "postgresql.conf";
    private const string HostRulesFile = "pg_hba.conf";
    private const string CertificateFile = "server.crt";
    private const string PrivateKeyFile = "server.key";

    // A server that is asked to stop still writes its last checkpoint: up to shared_buffers of data.
    private static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan InitializationTimeout = TimeSpan.FromMinutes(10);

    public JobRequest Initialization => new()
    {
        Id = new RunId($"{spec.Id}-init"),
        Revision = Describe(Cluster.Files(spec)) with { Id = new RevisionId($"{spec.Id}-init") },
        Command = Cluster.Initialize(spec),
        Timeout = InitializationTimeout,
    };

    public Revision Revision { get; } = DataStoreRevision.Identify(Describe(spec, ServerFiles(spec)), spec.Restarts);

    public Task ConfigureAsync(InstanceAddress address, CancellationToken cancellationToken) =>
        DatabaseSetup.RunAsync(spec, address, cancellationToken);

    public Task<int> CountConnectionsAsync(InstanceAddress address, CancellationToken cancellationToken) =>
        Connections.CountAsync(spec, address, cancellationToken);

    private Revision Describe(IReadOnlyDictionary<string, string> files) => Describe(spec, files);

    private static Revision Describe(PostgresSpec spec, IReadOnlyDictionary<string, string> files) => new()
    {
        Id = new RevisionId(spec.Id),
        Owner = spec.Id,
        Name = spec.Name,
        Runtime = new WorkloadRuntime("postgres", spec.MajorVersion),
        Command = Cluster.Serve(ServerSettings()),
        Environment = new Dictionary<string, string>(),
        Files = files,
        Port = new PortBinding.Fixed(spec.Port),
        Network = spec.Place?.Membership,
        Health = new HealthCheck.Tcp(),
        Limits = spec.Limits,
        Disk = new DiskMount(spec.Id, null) { SizeBytes = spec.DiskBytes },
        StopSignal = StopSignal.Interrupt,
        StopGrace = StopGrace,
    };

    // Only the engine knows the paths, so they are arguments. Everything else is in the file.
    private static string[] ServerSettings() =>
    [
        "-c", $"config_file={{files}}/{ConfigurationFile}",
        "-c", $"hba_file={{files}}/{HostRulesFile}",
        "-c", $"ssl_cert_file={{files}}/{CertificateFile}",
        "-c", $"ssl_key_file={{files}}/{PrivateKeyFile}",
    ];

    private static Dictionary<string, string> ServerFiles(PostgresSpec spec) => new()
    {
        [ConfigurationFile] = ServerConfiguration.Write(spec),
        [HostRulesFile] = HostRules.Write(spec),
        [CertificateFile] = spec.CertificatePem,
        [PrivateKeyFile] = spec.PrivateKeyPem,
    };
}
