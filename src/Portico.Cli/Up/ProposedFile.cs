using Portico.Cli.Detection;
using Portico.Cli.Hosting;
using Portico.Cli.Servers;
using Portico.Core.Detection;
using Portico.Hosting;

namespace Portico.Cli.Up;

/// <summary>What <c>up</c> deploys from a directory that has no render.yaml but an app that is recognized. Nothing is written into the directory.</summary>
/// <param name="Directory">The directory of the app.</param>
internal sealed record ProposedFile(string Directory, IReadOnlyList<ServiceProposal> Services)
{
    /// <param name="given">What the user named: a file, a directory, or null for the working directory.</param>
    /// <returns>Null if there is a render.yaml, or nothing that can be deployed is recognized.</returns>
    public static ProposedFile? Find(CliHost host, string? given)
    {
        var directory = host.Absolute(given ?? ".");
        if (!System.IO.Directory.Exists(directory) || BlueprintFile.InDirectory(directory) is not null || IsNoProject(host, directory))
            return null;
        var found = ProjectDetector.Detect(DirectoryFiles.Read(directory), Path.GetFileName(Path.TrimEndingDirectorySeparator(directory)));
        ServiceProposal[] runnable = [.. found.Services.Where(service => service.Runtime.Value != "docker")];
        return runnable.Length == 0 ? null : new ProposedFile(directory, runnable);
    }

    public BlueprintFile File => new(Path.Combine(Directory, "render.yaml"), "the proposed render.yaml", ProposedBlueprint.Write(Services)) { SentName = "render.yaml" };

    /// <summary>Shows what was recognized and, if a user can answer, asks whether to deploy it.</summary>
    /// <returns>Whether to deploy it.</returns>
    /// <exception cref="CliException">It would change something that exists, and no user can agree.</exception>
    public async Task<bool> AgreeAsync(CliHost host, UpOptions options, Task<ServerConnection> starting, CancellationToken cancellationToken)
    {
        host.Error.WriteLine($"There is no render.yaml in {TerminalText.Line(Directory)}. Portico recognized:");
        ProposalText.Write(host.Error, host.ErrorStyle, Services);
        host.Error.WriteLine(host.ErrorStyle.Dim("All of this is guessed. `portico init` writes it to a render.yaml that you can change."));
        var names = Services.SelectMany(service => service.NeedsDatabase ? new[] { service.Name, service.DatabaseName } : [service.Name]).ToHashSet(StringComparer.Ordinal);
        string[] existing = [.. (await starting).Status.Resources.Select(item => item.Name).Where(names.Contains).Order(StringComparer.Ordinal)];
        if (!options.Yes && !options.NoInput && host.CanAsk)
            return await AskAsync(host, existing, cancellationToken);
        if (!options.Yes && existing.Length > 0)
            throw new CliException(
                $"{string.Join(" and ", existing)} {(existing.Length == 1 ? "exists" : "exist")} already. Nothing was changed.",
                "Add --yes to change what exists, or write a render.yaml with `portico init`.", ExitCode.Usage);
        host.Error.WriteLine("Portico deploys it.");
        return true;
    }

    private static async Task<bool> AskAsync(CliHost host, string[] existing, CancellationToken cancellationToken)
    {
        host.Error.Write(existing.Length == 0 ? "Deploy this? [y/N] " : $"Deploy this, and change {string.Join(" and ", existing)}? [y/N] ");
        return (await CliHost.AskAsync(host.ReadLine, cancellationToken))?.Trim().ToUpperInvariant() is "Y" or "YES";
    }

    // A home directory and the root of the machine have files of many projects.
    private static bool IsNoProject(CliHost host, string directory) =>
        new[] { "/", host.Variable("HOME"), host.Variable("PORTICO_ROOT") }.OfType<string>()
            .Any(path => Path.TrimEndingDirectorySeparator(host.Absolute(path)) == Path.TrimEndingDirectorySeparator(directory));
}
