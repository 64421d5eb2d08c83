using System.Globalization;
using System.Text.RegularExpressions;
using Portico.Core.Engines;
using Portico.Engines.Process.Accounts;

namespace Portico.Engines.Process.Runtimes;

/// <summary>Lists the toolchains and servers on this machine that the workloads' account can run.</summary>
internal sealed partial class RuntimeCatalog
{
    private static readonly TimeSpan VersionTimeout = TimeSpan.FromSeconds(10);
    private readonly Account _account;
    private readonly Dictionary<string, string> _directories;

    private RuntimeCatalog(Account account, IReadOnlyList<RuntimeSupport> runtimes, Dictionary<string, string> directories) =>
        (_account, Runtimes, _directories) = (account, runtimes, directories);

    public IReadOnlyList<RuntimeSupport> Runtimes { get; }

    private static string[] SystemDirectories { get; } = Tool.SystemPath.Split(':');

    /// <summary>Where programs are searched: first system directories, then the engine's own <c>PATH</c> as far as the account can enter it.</summary>
    private static IEnumerable<string> SearchDirectories =>
        SystemDirectories.Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Where(Path.IsPathRooted)).Distinct();

    /// <param name="cachePath">A file with the versions, because running every toolchain to get its version takes a second.</param>
    public static async Task<RuntimeCatalog> DetectAsync(Account account, string cachePath, CancellationToken cancellationToken)
    {
        var known = JsonFile.Read<Dictionary<string, string>>(cachePath) ?? [];
        var found = await Task.WhenAll(Toolchain.All.Select(toolchain => DetectOneAsync(toolchain, account, known, cancellationToken)));
        var answers = found.Where(f => f.Key is not null).ToDictionary(f => f.Key!, f => f.Version ?? "");
        // Written only if it differs, because an engine must also start on a full disk.
        if (answers.Count != known.Count || answers.Except(known).Any())
            JsonFile.WriteUnflushed(cachePath, answers);
        var encrypts = found.Single(f => f.Toolchain.Name == Toolchain.KeyValue).Program is not { } server
            || await KeyValueTls.IsBuiltInAsync(server, account, cancellationToken);
        var runtimes = found.Select(f => new RuntimeSupport(f.Toolchain.Name, f.Version is { Length: > 0 } v ? [v] : [], f.Toolchain.Install)
        {
            Encrypts = f.Toolchain.Name != Toolchain.KeyValue || encrypts,
        });
        var directories = found.Where(f => f.Program is not null)
            .ToDictionary(f => f.Toolchain.Name, f => Path.GetDirectoryName(f.Program)!);
        return new RuntimeCatalog(
            account,
            [.. runtimes, new RuntimeSupport(Toolchain.Postgres, PostgresMajors(account), Toolchain.PostgresInstall), new RuntimeSupport(Toolchain.Static, ["any"], "")],
            directories);
    }

    public bool Has(string runtime) => Runtimes.Any(support => support.Name == runtime && support.Versions.Count > 0);

    /// <exception cref="MissingRuntimeException">The runtime is not installed on this machine.</exception>
    public string VersionOf(string runtime) => Runtimes.FirstOrDefault(support => support.Name == runtime) is { Versions: [var version, ..] }
        ? version
        : throw new MissingRuntimeException($"The runtime '{runtime}' is not installed on this machine, or not for all users.");

    /// <summary>Returns the directories of <c>PATH</c> for this runtime, in order.</summary>
    /// <exception cref="MissingRuntimeException">The runtime is not installed on this machine.</exception>
    public IReadOnlyList<string> PathFor(WorkloadRuntime runtime)
    {
        var support = Runtimes.FirstOrDefault(r => r.Name == runtime.Name)
            ?? throw new MissingRuntimeException($"The runtime '{runtime.Name}' is not supported by this engine.");
        if (support.Versions.Count == 0)
            throw new MissingRuntimeException($"The runtime '{runtime.Name}' is not installed on this machine, or not for all users. Try: {support.Install}");
        if (runtime.Name == Toolchain.Postgres)
            return [PostgresBin(runtime.Version, support), .. SystemDirectories];
        return _directories.GetValueOrDefault(runtime.Name) is { } directory && !SystemDirectories.Contains(directory)
            ? [directory, .. SystemDirectories]
            : SystemDirectories;
    }

    /// <summary>Returns the absolute path of a program that one of Portico's own commands uses.</summary>
    /// <exception cref="MissingRuntimeException">These directories do not contain the program.</exception>
    public string Resolve(string program, IReadOnlyList<string> path) =>
        Toolchain.Aliases.GetValueOrDefault(program, [program]).Select(name => Find(name, path, _account)).FirstOrDefault(found => found is not null)
            ?? throw new MissingRuntimeException($"The program '{program}' is not installed on this machine, or not for all users.");

    private static string? Find(string program, IEnumerable<string> directories, Account account) =>
        Path.IsPathRooted(program)
            ? (account.CanExecute(program) ? program : null)
            : directories.Select(directory => Path.Combine(directory, program)).FirstOrDefault(account.CanExecute);

    private static async Task<(Toolchain Toolchain, string? Program, string? Key, string? Version)> DetectOneAsync(
        Toolchain toolchain, Account account, Dictionary<string, string> known, CancellationToken cancellationToken)
    {
        var program = toolchain.Programs.Select(name => Find(name, SearchDirectories, account)).FirstOrDefault(found => found is not null);
        if (program is null || Native.Libc.RealPath(program) is not { } real)
            return (toolchain, null, null, null);
        var key = string.Create(CultureInfo.InvariantCulture, $"{account.Name}:{program}:{real}:{File.GetLastWriteTimeUtc(real).Ticks}");
        var version = known.GetValueOrDefault(key) ?? await AskVersionAsync(program, toolchain, account, cancellationToken);
        return (toolchain, program, key, version);
    }

    private static async Task<string?> AskVersionAsync(string program, Toolchain toolchain, Account account, CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(VersionTimeout);
        try
        {
            var answer = await Tool.RunAsync([.. account.Prefix, program, .. toolchain.VersionArguments], timeout.Token);
            return answer.Succeeded && VersionNumbers.Matches(answer.Output) is { Count: > 0 } versions
                ? versions.Select(match => Version.Parse(match.Value)).Max()!.ToString()
                : null;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    private static string[] PostgresMajors(Account account) => !Directory.Exists(Toolchain.PostgresDirectory)
        ? []
        : [.. Directory.GetDirectories(Toolchain.PostgresDirectory)
            .Where(directory => account.CanExecute(Path.Combine(directory, "bin", "postgres")))
            .Select(directory => Path.GetFileName(directory))
            .OrderByDescending(major => int.TryParse(major, CultureInfo.InvariantCulture, out var number) ? number : 0)];

    private static string PostgresBin(string? wanted, RuntimeSupport support)
    {
        var major = wanted ?? support.Versions[0];
        return support.Versions.Contains(major)
            ? Path.Combine(Toolchain.PostgresDirectory, major, "bin")
            : throw new MissingRuntimeException(
                $"PostgreSQL {major} is not installed on this machine (installed: {string.Join(", ", support.Versions)}). Try: {support.Install}-{major}");
    }

    [GeneratedRegex(@"\d+\.\d+(\.\d+)?")]
    private static partial Regex VersionNumbers { get; }
}

internal sealed class MissingRuntimeException(string message) : Exception(message);
