namespace Portico.ControlPlane.Shells.Ssh;

/// <summary>Whether an SSH server accepts connections.</summary>
internal sealed class SshState
{
    private volatile bool _isServing;

    public bool IsServing
    {
        get => _isServing;
        set => _isServing = value;
    }
}
