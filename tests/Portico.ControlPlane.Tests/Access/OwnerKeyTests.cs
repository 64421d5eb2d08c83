using Portico.ControlPlane.Access;

namespace Portico.ControlPlane.Tests.Access;

public sealed class OwnerKeyTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void File_that_a_loss_of_power_left_empty_gets_a_key()
    {
        var key = OwnerKey.LoadOrCreate(_file);
        Assert.False(key.Matches(""));
        Assert.True(key.Matches(File.ReadAllText(_file).Trim()));
        Assert.True(OwnerKey.LoadOrCreate(_file).Matches(File.ReadAllText(_file).Trim()));
    }
}
