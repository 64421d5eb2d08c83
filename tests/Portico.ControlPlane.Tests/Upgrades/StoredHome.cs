using System.IO.Compression;
using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.State;

namespace Portico.ControlPlane.Tests.Upgrades;

/// <summary>A copy of a home as a version of Portico left it, and this version on it.</summary>
internal sealed class StoredHome : IDisposable
{
    private readonly List<ServiceProvider> _started = [];

    private StoredHome() => Directory.CreateDirectory(Paths.State);

    public PlatformPaths Paths { get; } = new(Directory.CreateTempSubdirectory("portico-home-").FullName);

    /// <summary>Below which there is a directory for each version.</summary>
    public static string Folder([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "homes");

    /// <param name="name">Of a directory in <c>homes</c>.</param>
    public static StoredHome Open(string name)
    {
        var home = new StoredHome();
        var from = Path.Combine(Folder(), name);
        foreach (var file in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
            Unpack(file, Path.Combine(home.Paths.Home, Path.GetRelativePath(from, file)));
        return home;
    }

    /// <param name="database">A packed database alone; null for none.</param>
    public static StoredHome Of(string? database)
    {
        var home = new StoredHome();
        if (database is not null)
            Unpack(database, home.Paths.Database + ".gz");
        return home;
    }

    public StoredHome Copy()
    {
        var home = new StoredHome();
        foreach (var file in Directory.GetFiles(Paths.Home, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(home.Paths.Home, Path.GetRelativePath(Paths.Home, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
        return home;
    }

    /// <summary>As the server does it, on what is stored in its own keys.</summary>
    public async Task<IServiceProvider> StartAsync(CancellationToken cancellationToken, Action<DbContextOptionsBuilder>? configure = null)
    {
        var services = new ServiceCollection().AddLogging();
        services.AddSingleton(TimeProvider.System).AddControlPlane(new PlatformSettings { Paths = Paths });
        services.ConfigureDbContext<PorticoDb>(options =>
        {
            // The model holds the keys: that of another home must not be used.
            options.EnableServiceProviderCaching(false);
            configure?.Invoke(options);
        });
        var provider = services.BuildServiceProvider();
        _started.Add(provider);
        await StateSetup.MigrateAsync(provider, cancellationToken);
        await KeyRing.VerifyAsync(provider, Paths, cancellationToken);
        return provider;
    }

    public async Task<List<string>> HistoryAsync(CancellationToken cancellationToken)
    {
        await using var connection = new SqliteConnection($"Data Source={Paths.Database};Mode=ReadOnly;Pooling=False");
        await connection.OpenAsync(cancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT MigrationId FROM __EFMigrationsHistory ORDER BY 1";
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var ids = new List<string>();
        while (await reader.ReadAsync(cancellationToken))
            ids.Add(reader.GetString(0));
        return ids;
    }

    /// <summary>What a tool that knows nothing of migrations would do to it.</summary>
    public async Task ExecuteAsync(string sql, CancellationToken cancellationToken)
    {
        await using var connection = new SqliteConnection($"Data Source={Paths.Database};Pooling=False");
        await connection.OpenAsync(cancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public void Dispose()
    {
        foreach (var provider in _started)
            provider.Dispose();
        SqliteConnection.ClearAllPools();
        Directory.Delete(Paths.Home, recursive: true);
    }

    private static void Unpack(string from, string to)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(to)!);
        if (!from.EndsWith(".gz", StringComparison.Ordinal))
        {
            File.Copy(from, to);
            return;
        }
        using var packed = new GZipStream(File.OpenRead(from), CompressionMode.Decompress);
        using var unpacked = File.Create(to[..^".gz".Length]);
        packed.CopyTo(unpacked);
    }
}
