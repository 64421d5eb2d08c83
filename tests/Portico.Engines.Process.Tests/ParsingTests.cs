using Portico.Engines.Process.Limits;
using Portico.Engines.Process.Native;

namespace Portico.Engines.Process.Tests;

public sealed class ParsingTests
{
    [Fact]
    public void Process_names_may_hold_anything()
    {
        var stat = ProcStat.Parse("42 (a) b ( c) S 1 42 41 0 -1 4194304 1 2 3 4 5 6 7 8 20 0 1 0 987654 1 2")!.Value;
        Assert.Equal(new ProcStat(42, 'S', 1, 42, 41, 1, 26, 987654), stat);
        Assert.Null(ProcStat.Parse("nonsense"));
    }

    [Theory]
    [InlineData("0100007F:1F90", "127.0.0.1:8080")]
    [InlineData("00000000:0050", "0.0.0.0:80")]
    [InlineData("00000000000000000000000000000000:0050", "[::]:80")]
    [InlineData("00000000000000000000000001000000:0050", "[::1]:80")]
    [InlineData("0000000000000000FFFF00000100007F:0050", "127.0.0.1:80")]
    public void Socket_addresses_are_read_as_the_kernel_prints_them(string text, string address)
    {
        Assert.SkipUnless(BitConverter.IsLittleEndian, "These are addresses as a little-endian machine prints them.");
        Assert.Equal(address, ListeningSockets.ParseAddress(text).ToString());
    }

    [Theory]
    [InlineData("srv-0123456789abcdefghij-abcde")]
    [InlineData("../../etc/passwd")]
    [InlineData(".hidden")]
    [InlineData("dpg-1:2/3 with % and \u00e4")]
    public void Any_id_is_one_file_name_and_comes_back(string id)
    {
        var name = FileName.Of(id);
        Assert.Equal(name, Path.GetFileName(name));
        Assert.False(name.StartsWith('.'));
        Assert.Equal(id, FileName.ToId(name));
    }

    [Fact]
    public void Empty_and_endless_ids_are_refused()
    {
        Assert.Throws<ArgumentException>(() => FileName.Of(""));
        Assert.Throws<ArgumentException>(() => FileName.Of(new string('x', 1000)));
    }

    [Fact]
    public void Groups_of_version_2_are_made_at_the_root_or_beside_the_own_one()
    {
        var places = ControlGroupMounts.Parse(
            ["cgroup2 /sys/fs/cgroup cgroup2 rw 0 0"], ["0::/user.slice/user-1000.slice/user@1000.service/app.slice/portico.scope"]);
        Assert.Equal(
            ["/sys/fs/cgroup", "/sys/fs/cgroup/user.slice/user-1000.slice/user@1000.service/app.slice"], places.FindVersion2());
        Assert.Null(places.FindVersion1("memory"));
        Assert.Equal(["/sys/fs/cgroup"], ControlGroupMounts.Parse(["cgroup2 /sys/fs/cgroup cgroup2 rw 0 0"], ["0::/"]).FindVersion2());
    }
}
