using Portico.Engines.Process.Accounts;
using Portico.Engines.Process.Sandboxes;

namespace Portico.Engines.Process.Runs;

/// <summary>Reads a directory of an artifact as the account that it belongs to, which sees nothing else.</summary>
/// <param name="view">Shows the artifact.</param>
/// <param name="source">The real path of the directory.</param>
internal sealed class ArtifactReader(WorkloadTools tools, Account account, WorkloadView view, string source)
{
    /// <summary>As much of the errors as one message can name. A hostile directory may cause millions.</summary>
    private const int LongestError = 2000;

    /// <summary>Returns the links that lead to something that the account sees too.</summary>
    public async Task<IReadOnlyList<ExportedLink>> ExistingAsync(IReadOnlyList<ExportedLink> links, CancellationToken cancellationToken)
    {
        if (links.Count == 0)
            return [];
        var found = await tools.RunAsync(
            account, view, "/", ["find", .. links.Select(link => PathOf(link)), "-maxdepth", "0", "-not", "-xtype", "l", "-print0"], cancellationToken);
        var existing = found.Output.Split('\0').ToHashSet();
        return [.. links.Where(link => existing.Contains(PathOf(link)))];
    }

    /// <summary>Writes the directory as a tar file, with what links lead to in their place.</summary>
    /// <param name="leftOut">Links that are left out.</param>
    /// <param name="consume">Reads the file.</param>
    /// <returns>What went wrong; null if nothing.</returns>
    public async Task<string?> ReadAsync(IReadOnlyList<ExportedLink> leftOut, Func<Stream, Task> consume, CancellationToken cancellationToken)
    {
        using var tar = tools.Start(
            account, view, "/",
            [
                "tar", "-C", source, "--hard-dereference", $"--exclude=./{CheckoutRepository.DirectoryName}", "--anchored", "--no-wildcards",
                .. leftOut.Select(link => $"--exclude=./{link.Name}"), "-chf", "-", ".",
            ]);
        try
        {
            var error = BeginningOfAsync(tar.StandardError, cancellationToken);
            await consume(tar.StandardOutput.BaseStream);
            await tar.WaitForExitAsync(cancellationToken);
            return tar.ExitCode == 0 ? null : await error;
        }
        finally
        {
            if (!tar.HasExited)
                tar.Kill(entireProcessTree: true);
        }
    }

    private string PathOf(ExportedLink link) => Path.Combine(source, link.Name);

    private static async Task<string> BeginningOfAsync(StreamReader error, CancellationToken cancellationToken)
    {
        var beginning = "";
        var buffer = new char[LongestError];
        while (await error.ReadAsync(buffer, cancellationToken) is > 0 and var count)
            beginning += new string(buffer, 0, Math.Min(count, LongestError - beginning.Length));
        return beginning.Trim();
    }
}
