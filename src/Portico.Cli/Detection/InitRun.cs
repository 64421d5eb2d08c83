using System.Text;
using System.Text.Json;
using Portico.Cli.Hosting;
using Portico.Cli.Rendering;
using Portico.Core.Detection;
using Portico.Hosting;

namespace Portico.Cli.Detection;

/// <summary>One <c>portico init</c>: detect, and write the render.yaml.</summary>
internal sealed class InitRun(CliHost host, string? directory, bool force, bool asJson)
{
    private const string FileName = "render.yaml", OtherName = "render.yml";

    /// <exception cref="CliException">Nothing was written: there is no such directory, a file exists, or nothing was recognized.</exception>
    public int Run()
    {
        var place = host.Absolute(directory ?? ".");
        if (!Directory.Exists(place))
            throw new CliException($"'{directory}' is not a directory.", null, ExitCode.Usage);
        RequireNone(place);
        var found = ProjectDetector.Detect(DirectoryFiles.Read(place), Path.GetFileName(Path.TrimEndingDirectorySeparator(place)));
        if (found.Services.Count == 0)
            throw Nothing(place, found);
        Save(Path.Combine(place, FileName), ProposedBlueprint.Write(found.Services));
        if (asJson)
            host.Out.WriteLine(JsonSerializer.Serialize(InitResult.Of(Path.Combine(place, FileName), found.Services), CliJson.Readable.InitResult));
        else
            Show(found);
        return ExitCode.Ok;
    }

    private void Show(ProjectProposal found)
    {
        ProposalText.Write(host.Out, host.OutStyle, found.Services);
        if (found.IsCut)
            host.Error.WriteLine($"{host.ErrorStyle.Yellow("warning:")} The directory has more files than Portico looks at, so something may be missing.");
        host.Error.WriteLine($"Wrote {(directory is null ? FileName : Path.Combine(directory, FileName))}. Check it: all of this is guessed. Then run `portico up`.");
    }

    private void RequireNone(string place)
    {
        foreach (var name in new[] { FileName, OtherName })
            if (Path.Exists(Path.Combine(place, name)) && !force)
                throw new CliException($"{Path.Combine(place, name)} already exists.", "Add --force to overwrite it.", ExitCode.Usage);
    }

    private void Save(string path, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        if (force)
        {
            DurableFile.Write(path, bytes);
            return;
        }
        // The file may have been created since it was looked for.
        using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write);
        file.Write(bytes);
    }

    private static CliException Nothing(string place, ProjectProposal found) => found.IsEmpty
        ? new CliException($"{place} is empty.", "Run `portico init` in the directory of an app.", ExitCode.Usage)
        : new CliException($"Portico recognizes no app in {place}.", "Write a render.yaml: https://render.com/docs/blueprint-spec", ExitCode.Usage);
}
