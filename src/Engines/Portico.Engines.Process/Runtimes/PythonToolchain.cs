using System.Globalization;
using System.Text.RegularExpressions;
using Portico.Core.Engines;
using Portico.Engines.Process.Accounts;
using Portico.Engines.Process.Runs;
using Portico.Hosting;

namespace Portico.Engines.Process.Runtimes;

/// <summary>Finds the Python version that a project requests among those that the account can run: the system's, pyenv's and uv's.</summary>
/// <remarks>It looks for the version in the order of https://render.com/docs/python-version.</remarks>
internal sealed class PythonToolchain(RuntimeCatalog catalog, StandalonePythons standalone, Account account)
{
    /// <summary>Package managers of Python projects other than pip.</summary>
    public static IReadOnlyList<string> Managers { get; } = ["uv", "poetry", "pipenv", "pdm"];

    private const int OldestMinor = 8, NewestMinor = 20;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <exception cref="RunFailure">The version is not installed.</exception>
    public async Task<UsedToolchain> PrepareAsync(BuildRequest build, ProjectFiles files, Action<string> tell, CancellationToken cancellationToken)
    {
        RequireManagers(build);
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
        var broken = new List<string>();
        var installed = await InstalledAsync(broken, cancellationToken);
        if (installed.FirstOrDefault(item => Matches(wanted.Text, item.Version)) is not { Program: { } program } found)
        {
            if (await FetchAsync(wanted, cancellationToken) is { } fetched)
            {
                tell($"Using Python version {fetched.Version} (from {wanted.Source})");
                return fetched.Used;
            }
            throw new RunFailure(
                $"Python {wanted.Shown} is not installed. Installed: {string.Join(", ", installed.Select(item => item.Version).Append(own).Distinct())}. "
                + string.Concat(broken.Select(problem => $"Another one does not run: {problem} "))
                + (standalone.IsConfigured ? "The mirror in PORTICO_PYTHON_MIRROR does not have it either. " : "")
                + "Request one of these, install the other for all users (with apt-get, or with pyenv in /opt/pyenv), or set PORTICO_PYTHON_MIRROR.");
        }
        tell($"Using Python version {found.Version} (from {wanted.Source})");
        return Named(found.Version) with { Python = program, Path = [Path.GetDirectoryName(program)!] };
    }

    /// <exception cref="RunFailure">The mirror has the version, but it cannot be used.</exception>
    private async Task<(UsedToolchain Used, string Version)?> FetchAsync(RequestedVersion wanted, CancellationToken cancellationToken)
    {
        if (!standalone.IsConfigured)
            return null;
        try
        {
            if (await standalone.GetAsync(wanted.Text, cancellationToken) is not var (directory, version))
                return null;
            var program = Path.Combine(directory, "bin", "python3");
            var answer = await catalog.Probe.AskAsync([program, "--version"], "/", Patience, cancellationToken);
            return answer.Succeeded
                ? (Named(version) with { Python = program, Path = [Path.GetDirectoryName(program)!], Fetched = [directory] }, version)
                : throw new RunFailure($"it does not run on this machine: {ToolchainProbe.Describe([program, "--version"], answer)}");
        }
        catch (RunFailure failure)
        {
            throw new RunFailure($"Python {wanted.Shown} is not installed, and {failure.Message}");
        }
    }

    /// <summary>Checks that a package manager is installed. A build finds it then; otherwise its command would only fail with "not found".</summary>
    /// <exception cref="RunFailure">The build command uses a package manager that is not installed, and does not install it.</exception>
    private void RequireManagers(BuildRequest build)
    {
        foreach (var name in Managers.Where(name => PackageManagers.IsNamed(build.Command, name) && catalog.FindInstalled(name) is null))
            if (!Regex.IsMatch(build.Command!, $@"\b(pip3?|pipx)\b[^&;|\n]*\binstall\b[^&;|\n]*\b{name}\b"))
                throw new RunFailure(
                    $"The build command uses {name}, which is not installed on this machine for all users. Install it (for example: pipx install --global {name}), "
                    + $"or begin the build command with: pip install {name}");
    }

    /// <summary>Whether a version matches the requested one. <c>3.12</c> matches every 3.12 release; a full version matches only itself.</summary>
    public static bool Matches(string wanted, string version) =>
        wanted == version || version.StartsWith(wanted + ".", StringComparison.Ordinal);

    private static UsedToolchain Named(string version) =>
        UsedToolchain.Default with { Kind = $"python {string.Join('.', version.Split('.').Take(2))}" };

    /// <param name="broken">Receives the problems of versions that do not run.</param>
    private async Task<List<(string Version, string Program)>> InstalledAsync(List<string> broken, CancellationToken cancellationToken)
    {
        var found = new List<(string Version, string Program)>();
        foreach (var program in Candidates().Where(account.CanExecute).Distinct())
        {
            var answer = await catalog.Probe.AskAsync([program, "--version"], "/", Patience, cancellationToken);
            if (answer.Succeeded && answer.Output.Trim().Split(' ') is ["Python", var version])
                found.Add((version, program));
            else
                broken.Add(ToolchainProbe.Describe([program, "--version"], answer));
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
        var collected = collections.SelectMany(DirectoryEntries.Directories).Select(directory => Path.Combine(directory, "bin/python3"));
        return system.Concat(collected);
    }
}
