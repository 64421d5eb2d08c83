namespace Portico.Hosting.Tests;

public sealed class DurableFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("portico-hosting-").FullName;

    [Fact]
    public void A_file_is_replaced_whole_and_nothing_else_is_left()
    {
        var file = Path.Combine(_folder, "state");
        DurableFile.Write(file, "a longer first content"u8);

        DurableFile.Write(file, "second"u8);

        Assert.Equal("second", File.ReadAllText(file));
        Assert.Equal([file], Directory.GetFiles(_folder));
    }

    [Fact]
    public void A_write_that_fails_leaves_the_old_content()
    {
        var file = Path.Combine(_folder, "state");
        DurableFile.Write(file, "old"u8);

        Assert.Throws<InvalidOperationException>(() => DurableFile.Write(file, stream =>
        {
            stream.Write("half"u8);
            throw new InvalidOperationException("the serializer failed");
        }));

        Assert.Equal("old", File.ReadAllText(file));
    }

    [Fact]
    public void A_private_file_is_for_its_owner_alone_even_where_an_open_one_was_left_behind()
    {
        var file = Path.Combine(_folder, "key");
        File.WriteAllText($"{file}.new", "left by a crash");

        DurableFile.Write(file, "secret"u8, DurableFile.Private);

        Assert.Equal(DurableFile.Private, File.GetUnixFileMode(file));
    }

    [Fact]
    public void A_file_that_is_not_flushed_is_replaced_whole_too()
    {
        var file = Path.Combine(_folder, "record");
        DurableFile.WriteUnflushed(file, stream => stream.Write("a longer first content"u8), DurableFile.Private);

        DurableFile.WriteUnflushed(file, stream => stream.Write("second"u8), DurableFile.Private);
        Assert.Throws<InvalidOperationException>(() => DurableFile.WriteUnflushed(file, _ => throw new InvalidOperationException("the serializer failed")));

        Assert.Equal("second", File.ReadAllText(file));
        Assert.Equal(DurableFile.Private, File.GetUnixFileMode(file));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
