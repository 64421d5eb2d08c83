using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using Portico.Engines.Process.Accounts;
using Portico.Engines.Process.Runs;
using Portico.Engines.Process.Workloads;
using Portico.Hosting;

namespace Portico.Engines.Process.Runtimes;

/// <summary>
/// Fetches packages from the machine's npm registry with the machine's npm, proxies and certificates. npm runs as the workloads'
/// account. The engine checks each package against the registry's digest and unpacks it, so no workload can change it
/// afterwards. None of its code ever runs with the engine's rights.
/// </summary>
internal sealed class NpmPackage(EngineHome home, WorkloadTools tools, Account account, RuntimeCatalog catalog, InheritedVariables inherited)
{
    private const string DigestKind = "sha512-";

    /// <summary>The directory for npm's downloads and its cache.</summary>
    private string Work => Path.Combine(home.Toolchains, ".npm");

    /// <exception cref="RunFailure">npm is not installed, or the registry does not respond.</exception>
    public async Task<IReadOnlyList<string>> VersionsAsync(string name, CancellationToken cancellationToken)
    {
        using var answer = JsonDocument.Parse(await NpmAsync(["view", "--json", "--", name, "versions"], cancellationToken));
        var versions = answer.RootElement.ValueKind == JsonValueKind.Array ? answer.RootElement.EnumerateArray().ToArray() : [answer.RootElement];
        return [.. versions.Select(item => item.GetString() ?? "")];
    }

    /// <exception cref="RunFailure">The package could not be fetched, or its digest differs from the registry's.</exception>
    public async Task UnpackAsync(string name, SemanticVersion version, string destination, CancellationToken cancellationToken)
    {
        var archive = destination + ".tgz";
        try
        {
            var package = $"{name}@{version}";
            var integrity = JsonSerializer.Deserialize<string>(
                await NpmAsync(["view", "--json", "--", package, "dist.integrity"], cancellationToken)) ?? "";
            await NpmAsync(["pack", "--silent", "--ignore-scripts", "--pack-destination", Work, "--", package], cancellationToken);
            var file = DirectoryEntries.Files(Work, "*.tgz") is [var one] ? one : throw new RunFailure($"npm did not fetch an archive of {package}.");
            await CheckedCopyAsync(file, archive, integrity, package, cancellationToken);
            await UnpackAsync(archive, destination, cancellationToken);
        }
        finally
        {
            File.Delete(archive);
            await DeleteTree.RunAsync(Work, tools, CancellationToken.None);
        }
    }

    private async Task<string> NpmAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        account.MakeDirectory(Work);
        var path = catalog.PathFor(new(Toolchain.Node));
        var npm = catalog.Resolve("npm", path);
        var variables = WorkloadEnvironment.Make(path, Work, account.Name, inherited.ForBuilds, new Dictionary<string, string>
        {
            ["npm_config_update_notifier"] = "false",
            ["npm_config_cache"] = Path.Combine(Work, "cache"),
            ["npm_config_fetch_retries"] = "1",
            ["npm_config_loglevel"] = "error",
        });
        if (!variables.ContainsKey("npm_config_registry") && !variables.ContainsKey("NPM_CONFIG_REGISTRY") && NpmRegistry.OfThisUser() is { } registry)
            variables["npm_config_registry"] = registry;
        var answer = await Tool.RunAsync([.. account.Prefix, npm, .. arguments], Work, variables, cancellationToken);
        return answer.Succeeded ? answer.Output : throw new RunFailure(FirstError(answer.Error));
    }

    /// <summary>Returns the first useful line of npm's errors. Lines with an error code do not help users.</summary>
    private static string FirstError(string error) => error.Split('\n', StringSplitOptions.TrimEntries)
        .Select(line => line.Replace("npm error", "", StringComparison.Ordinal).Replace("npm ERR!", "", StringComparison.Ordinal).Trim())
        .FirstOrDefault(line => line.Length > 0 && !line.StartsWith("code ", StringComparison.Ordinal)) ?? "npm failed without a message.";

    /// <summary>Copies an archive, read with the account's rights, to a place where the account cannot change it, and checks it there.</summary>
    private async Task CheckedCopyAsync(string from, string to, string integrity, string package, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA512);
        using var source = Tool.Start([.. account.Prefix, "cat", "--", from], "/", new Dictionary<string, string>());
        await using (var file = File.Create(to))
        {
            var buffer = new byte[128 * 1024];
            for (int read; (read = await source.StandardOutput.BaseStream.ReadAsync(buffer, cancellationToken)) > 0;)
            {
                hash.AppendData(buffer, 0, read);
                await file.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            }
        }
        await source.WaitForExitAsync(cancellationToken);
        if (integrity != DigestKind + Convert.ToBase64String(hash.GetHashAndReset()))
            throw new RunFailure($"The archive of {package} was rejected: its digest differs from the one in the npm registry.");
    }

    /// <summary>Unpacks the files below the archive's only directory. npm packages contain nothing else.</summary>
    private static async Task UnpackAsync(string archive, string destination, CancellationToken cancellationToken)
    {
        await using var packed = new GZipStream(File.OpenRead(archive), CompressionMode.Decompress);
        await using var reader = new TarReader(packed);
        while (await reader.GetNextEntryAsync(cancellationToken: cancellationToken) is { } entry)
        {
            var slash = entry.Name.IndexOf('/', StringComparison.Ordinal);
            if (slash < 0 || entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile))
                continue;
            var path = Path.GetFullPath(Path.Combine(destination, entry.Name[(slash + 1)..]));
            if (!path.StartsWith(destination + "/", StringComparison.Ordinal))
                continue;
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await entry.ExtractToFileAsync(path, overwrite: true, cancellationToken);
            File.SetUnixFileMode(path, entry.Mode.HasFlag(UnixFileMode.UserExecute) ? ToolchainStore.Program : ToolchainStore.Readable);
        }
    }
}
