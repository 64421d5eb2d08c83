using Portico.Core.DataStores;
using Portico.Core.Engines;

namespace Portico.ControlPlane.KeyValue;

/// <summary>A managed Key Value store: one Redis-compatible server with a disk of its own.</summary>
internal sealed class KeyValueServer(KeyValueSpec spec) : IDataStore
{
    private const string ConfigurationFile = "keyvalue.conf";
    private const string CertificateFile = "server.crt";
    private const string PrivateKeyFile = "server.key";
    private const long OwnOverhead = 64 * 1024 * 1024;

    /// <summary>Null: the server creates its files on an empty disk.</summary>
    public JobRequest? Initialization => null;

    public Revision Revision { get; } = DataStoreRevision.Identify(Describe(spec), spec.Restarts);

    public Task ConfigureAsync(InstanceAddress address, CancellationToken cancellationToken) =>
        KeyValueSetup.RunAsync(spec, address, cancellationToken);

    public Task<int> CountConnectionsAsync(InstanceAddress address, CancellationToken cancellationToken) =>
        KeyValueSetup.CountConnectionsAsync(spec, address, cancellationToken);

    private static Revision Describe(KeyValueSpec spec) => new()
    {
        Id = new RevisionId(spec.Id),
        Owner = spec.Id,
        Name = spec.Name,
        Runtime = new WorkloadRuntime("keyvalue"),
        // Paths are known to the engine alone, so they are arguments; everything else is in the file.
        Command = new Command.Exec("keyvalue-server", [$"{{files}}/{ConfigurationFile}", "--dir", "{disk}", .. spec.Tls is null ? [] : TlsArguments]),
        Environment = new Dictionary<string, string>(),
        Files = FilesOf(spec),
        Port = new PortBinding.Fixed(spec.Port),
        Network = spec.Place?.Membership,
        Health = new HealthCheck.Tcp(),
        Limits = ProcessLimits(spec.Limits),
        Disk = new DiskMount(spec.Id, null),
    };

    // Redis 6.0 asks for an authority, though it is to check nobody.
    private static readonly string[] TlsArguments =
    [
        "--tls-cert-file", $"{{files}}/{CertificateFile}", "--tls-key-file", $"{{files}}/{PrivateKeyFile}",
        "--tls-ca-cert-file", $"{{files}}/{CertificateFile}",
    ];

    private static Dictionary<string, string> FilesOf(KeyValueSpec spec)
    {
        var files = new Dictionary<string, string> { [ConfigurationFile] = KeyValueConfiguration.Write(spec) };
        if (spec.Tls is { } tls)
            (files[CertificateFile], files[PrivateKeyFile]) = (tls.CertificatePem, tls.PrivateKeyPem);
        return files;
    }

    // The plan's memory is for data. Buffers come on top, and, while the log is rewritten, pages that are changed meanwhile:
    // a limit at the plan's size would kill a full store.
    private static ResourceLimits ProcessLimits(ResourceLimits plan) =>
        plan with { MemoryBytes = plan.MemoryBytes is { } data ? 2 * data + OwnOverhead : null };
}
