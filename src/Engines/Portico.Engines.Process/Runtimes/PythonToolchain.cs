using System.Globalization;
using Portico.Core.Engines;
using Portico.Engines.Process.Accounts;
using Portico.Engines.Process.Runs;

namespace Portico.Engines.Process.Runtimes;

/// <summary>Finds the Python version that a project requests among those that the account can run: the system's, pyenv's and uv's.</summary>
/// <remarks>It looks for the version in the order of https://render.com/docs/python-version.</remarks>
internal sealed class PythonToolchain(RuntimeCatalog catalog, Account account)
{
    private const int OldestMinor = 8, NewestMinor = 20;

    /// <exception cref="RunFailure">The version is not installed.</exception>
    public async Task<UsedToolchain> PrepareAsync(BuildRequest build, ProjectFiles files, Action<string> tell, CancellationToken cancellationToken)
    {
        var own = catalog.VersionOf(Toolchain.Python);
        if (await RequestedVersion.FindAsync(build, files, "PYTHON_VERSION", [".python-version"], cancellationToken) is not { } wanted)
        {
            tell($"Using Python version {own} ({Toolchain.WithoutRequest(Toolchain.Python, "PYTHON_VERSION")})");
            return Named(own);
        }
        if (Matches(wanted.Text, own))
        {
            tell($"Using Python version {own} (from {wanted.Source})");
            return Named(own);
        }
        var installed = await InstalledAsync(cancellationToken);
        if (installed.FirstOrDefault(item => Matches(wanted.Text, item.Version)) is not { Program: { } program } found)
            throw new RunFailure(
                $"Python {wanted.Shown} is not installed. Installed: {string.Join(", ", installed.Select(item => item.Version).Append(own).Distinct())}. "
                + "Request one of these, or install the other for all users, for example with apt-get, or with pyenv in /opt/pyenv.");
        tell($"Using Python version {found.Version} (from {wanted.Source})");
        return Named(found.Version) with { Python = program, Path = [Path.GetDirectoryName(program)!] };
    }

    /// <summary>Whether a version matches the requested one. <c>3.12</c> matches every 3.12 release; a full version matches only itself.</summary>
    public static bool Matches(string wanted, string version) =>
        wanted == version || version.StartsWith(wanted + ".", StringComparison.Ordinal);

    private static UsedToolchain Named(string version) =>
        UsedToolchain.Default with { Kind = $"python {string.Join('.', version.Split('.').Take(2))}" };

    private async Task<List<(string Version, string Program)>> InstalledAsync(CancellationToken cancellationToken)
    {
        var found = new List<(string Version, string Program)>();
        foreach (var program in Candidates().Where(account.CanExecute).Distinct())
        {
            var answer = await Tool.RunAsync([.. account.Prefix, program, "--version"], cancellationToken);
            if (answer.Succeeded && answer.Output.Trim().Split(' ') is ["Python", var version])
                found.Add((version, program));
        }
        return [.. found.OrderByDescending(item => SemanticVersion.Parse(item.Version))];
    }

    private static IEnumerable<string> Candidates()
    {
        var system = Tool.SystemPath.Split(':').SelectMany(_ => Enumerable.Range(OldestMinor, NewestMinor - OldestMinor),
            (directory, minor) => Path.Combine(directory, string.Create(CultureInfo.InvariantCulture, $"python3.{minor}")));
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        string[] collections =
        [
            Path.Combine(Environment.GetEnvironmentVariable("PYENV_ROOT") ?? Path.Combine(home, ".pyenv"), "versions"),
            "/opt/pyenv/versions",
            Path.Combine(home, ".local/share/uv/python"),
            "/opt/uv/python",
        ];
        var collected = collections.Where(Directory.Exists).SelectMany(Directory.GetDirectories).Select(directory => Path.Combine(directory, "bin/python3"));
        return system.Concat(collected);
    }
}
