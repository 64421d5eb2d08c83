using Portico.ControlPlane.Shells.Ssh;

namespace Portico.ControlPlane.Tests.Shells;

public sealed class SshNameTests
{
    [Theory]
    [InlineData("srv-abc", "srv-abc", null, null)]
    [InlineData("srv-abc-x7k2p", "srv-abc", "x7k2p", null)]
    [InlineData("shl-1.srv-abc", "srv-abc", null, "shl-1")]
    [InlineData("root", "root", null, null)]
    [InlineData("", "", null, null)]
    [InlineData("a-b-c-d", "a-b-c-d", null, null)]
    [InlineData("shl-1.srv-abc.more", "srv-abc.more", null, "shl-1")]
    public void Name_says_which_service_instance_and_shell(string name, string service, string? instance, string? shell) =>
        Assert.Equal(new SshName(service, instance, shell), SshName.Parse(name));
}
