using Portico.Testing;

namespace Portico.EndToEnd.Dashboard;

public sealed class SourceTests
{
    [Fact]
    public async Task The_sources_have_no_type_errors()
    {
        var folder = await DashboardPackages.InstallAsync();
        var sources = Path.Combine(folder, "src");
        if (Directory.Exists(sources))
            Directory.Delete(sources, recursive: true);
        var (copied, problem) = await DashboardPackages.RunAsync(folder, "cp", "-R", SourceTree.PathOf("src", "Portico.Dashboard", "src"), sources);
        Assert.True(copied == 0, problem);
        var (code, output) = await DashboardPackages.RunAsync(folder, Path.Combine(folder, "node_modules", ".bin", "tsc"), "--noEmit");
        Assert.True(code == 0, output);
    }

    [Fact]
    public void Text_never_becomes_markup_and_nothing_has_any_type()
    {
        foreach (var file in Directory.EnumerateFiles(SourceTree.PathOf("src", "Portico.Dashboard", "src"), "*.ts*", SearchOption.AllDirectories))
            foreach (var word in (string[])["dangerouslySetInnerHTML", "innerHTML", "insertAdjacentHTML", "document.write", ": any;", ": any)", ": any,", "any[]", "as any", "<any>", "@ts-ignore", "eval("])
                Assert.False(File.ReadAllText(file).Contains(word, StringComparison.Ordinal), $"{file} contains {word}");
    }
}
