namespace Portico.Cli.Hosting;

/// <summary>Passes every key to the program that reads the terminal, Ctrl-C included, without showing it, until it is disposed.</summary>
internal sealed unsafe class RawTerminal : IDisposable
{
    /// <summary>More than the settings take on any system; they are opaque here.</summary>
    private const int SettingsBytes = 512;

    private const int Input = 0, Now = 0;

    private readonly byte[] _before = new byte[SettingsBytes];
    private bool _isRaw;

    public RawTerminal()
    {
        var raw = new byte[SettingsBytes];
        fixed (byte* before = _before, settings = raw)
        {
            if (NativeMethods.GetTerminal(Input, before) != 0 || NativeMethods.GetTerminal(Input, settings) != 0)
                return;
            NativeMethods.MakeRaw(settings);
            _isRaw = NativeMethods.SetTerminal(Input, Now, settings) == 0;
        }
    }

    public void Dispose()
    {
        if (!_isRaw)
            return;
        _isRaw = false;
        fixed (byte* before = _before)
            _ = NativeMethods.SetTerminal(Input, Now, before);
    }
}
