namespace Portico.Hosting.Tests;

public sealed class RealPathTests : IDisposable
{
    private readonly string _root = RealPath.Resolve(Directory.CreateTempSubdirectory("portico-real-path-").FullName)!;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Links_are_followed_in_every_part_of_the_path()
    {
        Directory.CreateDirectory(At("real/inner"));
        File.WriteAllText(At("real/inner/file"), "");
        Directory.CreateSymbolicLink(At("absolute"), At("real"));
        Directory.CreateSymbolicLink(At("relative"), "./real/../absolute");
        File.CreateSymbolicLink(At("real/inner/link"), "../../relative/inner/file");

        Assert.Equal(At("real/inner/file"), RealPath.Resolve(At("relative/inner/./link")));
        Assert.Equal(At("real"), RealPath.Resolve(At("relative/inner/..")));
        Assert.Equal(_root, RealPath.Resolve(At("relative/..")));
    }

    [Fact]
    public void A_path_that_leads_to_nothing_resolves_to_nothing()
    {
        File.CreateSymbolicLink(At("dangling"), "missing");
        File.CreateSymbolicLink(At("loop"), "loop");

        Assert.Null(RealPath.Resolve(At("missing")));
        Assert.Null(RealPath.Resolve(At("dangling")));
        Assert.Null(RealPath.Resolve(At("loop")));
    }

    private string At(string path) => Path.Combine(_root, path);
}
