using Portico.Core.Engines;
using Portico.Engines.Process.Runs;

namespace Portico.Engines.Process.Runtimes;

/// <summary>Checks that the machine's toolchain is the version that the project requests. Other versions cannot be fetched.</summary>
/// <remarks>As on Render, a project cannot choose the version of Go, and no variable chooses that of Ruby.</remarks>
internal sealed class MachineToolchains(RuntimeCatalog catalog)
{
    private const string NoneFits = "compatible .NET SDK was not found";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private static readonly Dictionary<string, (string Title, string? Variable, string[] Files)> Places = new()
    {
        ["ruby"] = ("Ruby", null, [".ruby-version"]),
        ["go"] = ("Go", null, []),
        ["rust"] = ("Rust", "RUSTUP_TOOLCHAIN", ["rust-toolchain"]),
        ["elixir"] = ("Elixir", "ELIXIR_VERSION", [".elixir-version"]),
        ["bun"] = ("Bun", "BUN_VERSION", [".bun-version"]),
    };

    /// <exception cref="RunFailure">The machine has another version.</exception>
    public async Task CheckAsync(BuildRequest build, ProjectFiles files, Action<string> tell, CancellationToken cancellationToken)
    {
        if (!Places.TryGetValue(build.Runtime.Name, out var place))
            return;
        var own = catalog.VersionOf(build.Runtime.Name);
        var wanted = await RequestedVersion.FindAsync(build, files, place.Variable, place.Files, cancellationToken)
            ?? (build.Runtime.Name == "ruby" ? await RubyVersionFiles.FindAsync(files, cancellationToken) : null);
        if (wanted is not null && IsNumber(wanted.Text, build.Runtime.Name) && !PythonToolchain.Matches(NumberOf(wanted.Text, build.Runtime.Name), own))
            throw new RunFailure(
                $"{place.Title} {wanted.Shown} is not installed. Installed: {own}. Request that version, or install the other for all users.");
        tell($"Using {place.Title} version {own} ({(wanted is null ? Toolchain.WithoutRequest(build.Runtime.Name, place.Variable) : $"from {wanted.Source}")})");
    }

    /// <summary>Lets .NET find the SDK that <c>global.json</c> requests, and fails if none of the installed ones matches.</summary>
    /// <exception cref="RunFailure">No installed SDK matches.</exception>
    public async Task CheckDotnetAsync(ProjectFiles files, Action<string> tell, CancellationToken cancellationToken)
    {
        var wanted = await files.FieldAsync("global.json", ["sdk", "version"], cancellationToken);
        var dotnet = catalog.Resolve("dotnet", catalog.PathFor(new WorkloadRuntime("dotnet")));
        var answer = await ToolchainProbe.AskInAsync(files.Directory, files.Account, [dotnet, "--version"], Patience, cancellationToken);
        if (answer.Succeeded)
        {
            tell($"Using .NET SDK version {answer.Output.Trim()} ({(wanted is null ? "the machine's newest" : "from global.json")})");
            return;
        }
        var installed = await catalog.Probe.AskAsync([dotnet, "--list-sdks"], "/", Patience, cancellationToken);
        var versions = installed.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ')[0]).ToList();
        var isMissing = wanted is not null && $"{answer.Error}{answer.Output}".Contains(NoneFits, StringComparison.Ordinal);
        throw new RunFailure(
            (isMissing
                ? $".NET SDK {new RequestedVersion(wanted!, "global.json").Shown} is not installed. "
                : $"The .NET SDK cannot be used: {ToolchainProbe.Describe(["dotnet", "--version"], answer)} ")
            + $"Installed: {(versions.Count == 0 ? "none" : string.Join(", ", versions))}. "
            + "Install the SDK for all users, or allow another version with rollForward in global.json.");
    }

    /// <summary>Whether the text is a version. A channel such as <c>stable</c> is not; the toolchain resolves it.</summary>
    private static bool IsNumber(string text, string runtime) => NumberOf(text, runtime) is [>= '0' and <= '9', ..];

    /// <summary>Removes a prefix, as in <c>ruby-3.2.1</c>, <c>go1.22</c> and <c>v1.2.3</c>.</summary>
    private static string NumberOf(string text, string runtime)
    {
        var number = text.StartsWith(runtime, StringComparison.Ordinal) ? text[runtime.Length..] : text;
        return number.TrimStart('-', 'v');
    }
}
