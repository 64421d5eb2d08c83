using Portico.Core.Routing;
using Portico.Edge.Records;
using Portico.Edge.Tests.Harness;

namespace Portico.Edge.Tests;

public sealed class SegmentWriterTests : IDisposable
{
    private readonly TemporaryDirectory _home = new();

    private string Folder => _home["segments"];

    public void Dispose() => _home.Dispose();

    [Fact]
    public void Old_segments_go_so_that_the_disk_cannot_fill()
    {
        using var writer = new SegmentWriter(Folder, maxBytes: 100, maxSegments: 3);
        for (var i = 0; i < 200; i++)
            Append(writer, "0123456789\n");
        var files = Recorded.Segments(Folder);
        Assert.Equal(3, files.Count);
        Assert.Equal([18, 19, 20], files.Select(file => EdgeSegments.NumberOf(file)));
        Assert.All(files, file => Assert.InRange(new FileInfo(file).Length, 1, 111));
    }

    [Fact]
    public void A_new_writer_leaves_the_torn_end_of_the_last_one_alone()
    {
        using (var first = new SegmentWriter(Folder, maxBytes: 1000, maxSegments: 3))
            Append(first, "whole\ntor");
        using (var second = new SegmentWriter(Folder, maxBytes: 1000, maxSegments: 3))
            Append(second, "whole again\n");
        Assert.Equal(["whole\ntor", "whole again\n"], Recorded.Segments(Folder).Select(File.ReadAllText));
    }

    [Fact]
    public void Files_of_others_are_left_alone()
    {
        Directory.CreateDirectory(Folder);
        File.WriteAllText(Path.Combine(Folder, "notes.txt"), "mine");
        using var writer = new SegmentWriter(Folder, maxBytes: 1, maxSegments: 1);
        for (var i = 0; i < 5; i++)
            Append(writer, "x\n");
        Assert.Equal(["000000000005.ndjson", "notes.txt"], Recorded.Segments(Folder).Select(Path.GetFileName));
    }

    [Fact]
    public void Only_the_platform_may_read_them()
    {
        using var writer = new SegmentWriter(Folder, maxBytes: 1, maxSegments: 1);
        Append(writer, "x\n");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Assert.Single(Directory.GetFiles(Folder))));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Folder));
    }

    private static void Append(SegmentWriter writer, string text)
    {
        ReadOnlyMemory<byte> lines = System.Text.Encoding.UTF8.GetBytes(text);
        writer.Append(ref lines);
        Assert.True(lines.IsEmpty);
    }
}
