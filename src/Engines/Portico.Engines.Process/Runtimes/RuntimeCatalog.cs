using System.Globalization;
using System.Text.RegularExpressions;
using Portico.Core.Engines;
using Portico.Engines.Process.Accounts;
using Portico.Hosting;

namespace Portico.Engines.Process.Runtimes;

/// <summary>Lists the toolchains and servers on this machine that the workloads' account can run.</summary>
internal sealed partial class RuntimeCatalog
{
    private static readonly TimeSpan VersionTimeout = TimeSpan.FromSeconds(30);
    private readonly Account _account;
    private readonly Dictionary<string, string> _directories;

    private RuntimeCatalog(Account account, IReadOnlyList<RuntimeSupport> runtimes, Dictionary<string, string> directories, ToolchainProbe probe) =>
        (_account, Runtimes, _directories, Probe) = (account, runtimes, directories, probe);

    public ToolchainProbe Probe { get; }

    public IReadOnlyList<RuntimeSupport> Runtimes { get; }

    public static IReadOnlyList<string> SystemDirectories { get; } = Tool.SystemPath.Split(':');

    /// <summary>Where programs are searched: first system directories, then the engine's own <c>PATH</c> as far as the account can enter it.</summary>
    private static IEnumerable<string> SearchDirectories =>
        SystemDirectories.Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Where(Path.IsPathRooted)).Distinct();

    /// <param name="cachePath">A file with the versions, because running every toolchain to get its version takes a second.</param>
    /// <param name="probeHome">The home of programs that are run to find out their version. Some do not run without one.</param>
    public static async Task<RuntimeCatalog> DetectAsync(Account account, string cachePath, string probeHome, CancellationToken cancellationToken)
    {
        var known = JsonFile.Read<Dictionary<string, string>>(cachePath) ?? [];
        account.MakeDirectory(probeHome);
        var probe = new ToolchainProbe(account, probeHome);
        var found = await Task.WhenAll(Toolchain.All.Select(toolchain => DetectOneAsync(toolchain, probe, known, cancellationToken)));
        // A program that does not run now may run the next time.
        var answers = found.Where(f => f is { Key: not null, Version: not null }).ToDictionary(f => f.Key!, f => f.Version!);
        // Written only if it differs, because an engine must also start on a full disk.
        if (answers.Count != known.Count || answers.Except(known).Any())
            JsonFile.WriteUnflushed(cachePath, answers);
        var encrypts = found.Single(f => f.Toolchain.Name == Toolchain.KeyValue).Program is not { } server
            || await KeyValueTls.IsBuiltInAsync(server, account, cancellationToken);
        var runtimes = found.Select(f => new RuntimeSupport(f.Toolchain.Name, f.Version is { Length: > 0 } v ? [v] : [], f.Toolchain.Install)
        {
            Problem = f.Problem,
            Encrypts = f.Toolchain.Name != Toolchain.KeyValue || encrypts,
        });
        var directories = found.Where(f => f.Program is not null)
            .ToDictionary(f => f.Toolchain.Name, f => Path.GetDirectoryName(f.Program)!);
        return new RuntimeCatalog(
            account,
            [.. runtimes, new RuntimeSupport(Toolchain.Static, ["any"], "")],
            directories, probe);
    }

    public bool Has(string runtime) => Runtimes.Any(support => support.Name == runtime && support.Versions.Count > 0);

    /// <exception cref="MissingRuntimeException">The runtime is not installed on this machine.</exception>
    public string VersionOf(string runtime) => Runtimes.FirstOrDefault(support => support.Name == runtime) is { Versions: [var version, ..] }
        ? version
        : throw Missing(runtime, Runtimes.FirstOrDefault(support => support.Name == runtime));

    private static MissingRuntimeException Missing(string runtime, RuntimeSupport? support) => new(
        support?.Problem is { } problem
            ? $"The runtime '{runtime}' cannot be used: {problem}"
            : $"The runtime '{runtime}' is not installed on this machine, or not for all users.{(support?.Install is { Length: > 0 } install ? $" Try: {install}" : "")}");

    /// <summary>Returns the directories of <c>PATH</c> for this runtime, in order.</summary>
    /// <exception cref="MissingRuntimeException">The runtime is not installed on this machine.</exception>
    public IReadOnlyList<string> PathFor(WorkloadRuntime runtime)
    {
        var support = Runtimes.FirstOrDefault(r => r.Name == runtime.Name)
            ?? throw new MissingRuntimeException($"The runtime '{runtime.Name}' is not supported by this engine.");
        if (support.Versions.Count == 0)
            throw Missing(runtime.Name, support);
        return _directories.GetValueOrDefault(runtime.Name) is { } directory && !SystemDirectories.Contains(directory)
            ? [directory, .. SystemDirectories]
            : SystemDirectories;
    }

    /// <summary>Whether packages can be fetched, which requires npm.</summary>
    public bool HasNpm => Has(Toolchain.Node) && Find("npm", PathFor(new WorkloadRuntime(Toolchain.Node)), _account) is not null;

    /// <summary>Returns the absolute path of a program that one of Portico's own commands uses.</summary>
    /// <exception cref="MissingRuntimeException">These directories do not contain the program.</exception>
    public string Resolve(string program, IReadOnlyList<string> path) =>
        Toolchain.Aliases.GetValueOrDefault(program, [program]).Select(name => Find(name, path, _account)).FirstOrDefault(found => found is not null)
            ?? throw new MissingRuntimeException($"The program '{program}' is not installed on this machine, or not for all users.");

    /// <summary>Returns the absolute path of a program in these directories; null if it does not exist.</summary>
    public string? Find(string program, IReadOnlyList<string> path) => Find(program, path, _account);

    /// <summary>Returns the absolute path of a program that the system or the engine finds and the account can run.</summary>
    public string? FindInstalled(string program) => Find(program, SearchDirectories, _account);

    private static string? Find(string program, IEnumerable<string> directories, Account account) =>
        Path.IsPathRooted(program)
            ? (account.CanExecute(program) ? program : null)
            : directories.Select(directory => Path.Combine(directory, program)).FirstOrDefault(account.CanExecute);

    private static async Task<Detected> DetectOneAsync(
        Toolchain toolchain, ToolchainProbe probe, Dictionary<string, string> known, CancellationToken cancellationToken)
    {
        var program = toolchain.Programs.Select(name => Find(name, SearchDirectories, probe.Account)).FirstOrDefault(found => found is not null);
        if (program is null || RealPath.Resolve(program) is not { } real)
            return new Detected(toolchain) { Problem = Closed(toolchain, probe.Account) };
        var key = string.Create(CultureInfo.InvariantCulture, $"{probe.Account.Name}:{program}:{real}:{File.GetLastWriteTimeUtc(real).Ticks}");
        if (known.GetValueOrDefault(key) is { Length: > 0 } before)
            return new Detected(toolchain) { Program = program, Key = key, Version = before };
        var answer = await probe.AskAsync([program, .. toolchain.VersionArguments], "/", VersionTimeout, cancellationToken);
        var version = VersionNumbers.Matches(answer.Output) is { Count: > 0 } versions ? versions.Select(match => Version.Parse(match.Value)).Max()!.ToString() : null;
        return answer.Succeeded && version is not null
            ? new Detected(toolchain) { Program = program, Key = key, Version = version }
            : new Detected(toolchain) { Program = program, Problem = ToolchainProbe.Describe([program, .. toolchain.VersionArguments], answer) };
    }

    /// <summary>Returns an explanation if a program is installed, but only for the engine's own user; otherwise null.</summary>
    private static string? Closed(Toolchain toolchain, Account account) =>
        toolchain.Programs.SelectMany(_ => SearchDirectories, (name, directory) => Path.Combine(directory, name)).FirstOrDefault(File.Exists) is { } program
            ? $"the account '{account.Name}', as which builds and services run, may not run {program}. Install it for all users: {toolchain.Install}"
            : null;

    private sealed record Detected(Toolchain Toolchain)
    {
        public string? Program { get; init; }

        public string? Key { get; init; }

        public string? Version { get; init; }

        public string? Problem { get; init; }
    }

    [GeneratedRegex(@"\d+\.\d+(\.\d+)?")]
    private static partial Regex VersionNumbers { get; }
}

internal sealed class MissingRuntimeException(string message) : Exception(message);
