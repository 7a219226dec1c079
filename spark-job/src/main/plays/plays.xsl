<?xml version="1.0" encoding="UTF-8"?>
<!--
  Turns plays marked up by Jon Bosak into one plain text, in the manner of the tinyshakespeare file:

    SCENE I. Elsinore. A platform before the castle.

    [FRANCISCO at his post. Enter to him BERNARDO]

    BERNARDO:
    Who's there?

  Front matter and lists of persons are left out; stage directions are in brackets.
-->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
  <xsl:output method="text" encoding="UTF-8"/>
  <xsl:param name="folder"/>

  <xsl:template match="/plays">
    <xsl:for-each select="play">
      <xsl:apply-templates select="document(concat($folder, @file))/PLAY"/>
    </xsl:for-each>
  </xsl:template>

  <xsl:template match="PLAY">
    <xsl:apply-templates select="TITLE | INDUCT | PROLOGUE | ACT | EPILOGUE"/>
  </xsl:template>

  <xsl:template match="INDUCT | PROLOGUE | ACT | SCENE | EPILOGUE">
    <xsl:apply-templates select="*"/>
  </xsl:template>

  <xsl:template match="TITLE | SUBTITLE | SUBHEAD">
    <xsl:value-of select="normalize-space()"/>
    <xsl:text>&#10;&#10;</xsl:text>
  </xsl:template>

  <xsl:template match="STAGEDIR">
    <xsl:call-template name="direction"/>
    <xsl:text>&#10;&#10;</xsl:text>
  </xsl:template>

  <xsl:template match="SPEECH">
    <xsl:for-each select="SPEAKER">
      <xsl:if test="position() &gt; 1"> AND </xsl:if>
      <xsl:value-of select="translate(normalize-space(), 'abcdefghijklmnopqrstuvwxyz', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ')"/>
    </xsl:for-each>
    <xsl:text>:&#10;</xsl:text>
    <xsl:apply-templates select="LINE | STAGEDIR" mode="speech"/>
    <xsl:text>&#10;</xsl:text>
  </xsl:template>

  <xsl:template match="LINE" mode="speech">
    <xsl:for-each select="node()[normalize-space()]">
      <xsl:if test="position() &gt; 1"><xsl:text> </xsl:text></xsl:if>
      <xsl:choose>
        <xsl:when test="self::STAGEDIR"><xsl:call-template name="direction"/></xsl:when>
        <xsl:otherwise><xsl:value-of select="normalize-space()"/></xsl:otherwise>
      </xsl:choose>
    </xsl:for-each>
    <xsl:text>&#10;</xsl:text>
  </xsl:template>

  <xsl:template match="STAGEDIR" mode="speech">
    <xsl:call-template name="direction"/>
    <xsl:text>&#10;</xsl:text>
  </xsl:template>

  <xsl:template name="direction">
    <xsl:text>[</xsl:text>
    <xsl:value-of select="normalize-space()"/>
    <xsl:text>]</xsl:text>
  </xsl:template>
</xsl:stylesheet>
