using Portico.Core.Detection;
using Portico.Core.Detection.Files;

namespace Portico.Core.Tests.Detection;

/// <summary>A project in memory.</summary>
internal static class Project
{
    /// <param name="files">Pairs of a path and a text.</param>
    public static ProjectProposal Detect(params (string Path, string Text)[] files)
    {
        var texts = files.ToDictionary(file => file.Path, file => file.Text);
        return ProjectDetector.Detect(new ProjectTree(texts.Keys, texts.GetValueOrDefault), "shop");
    }

    public static ServiceProposal Only(params (string Path, string Text)[] files) => Assert.Single(Detect(files).Services);
}
