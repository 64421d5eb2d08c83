namespace Portico.ControlPlane.KeyValue;

/// <summary>An error reply. Its first word is a code, for example <c>WRONGPASS</c>.</summary>
internal sealed class RespException(string error) : Exception(error)
{
    public string Code => Message.Split(' ', 2)[0];
}
