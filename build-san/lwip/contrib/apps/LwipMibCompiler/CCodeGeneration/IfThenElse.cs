/*
 * Copyright (c) 2001-2004 Swedish Institute of Computer Science.
 * All rights reserved.
 *
 * Redistribution and use in source and binary forms, with or without modification,
 * are permitted provided that the following conditions are met:
 *
 * 1. Redistributions of source code must retain the above copyright notice,
 *    this list of conditions and the following disclaimer.
 * 2. Redistributions in binary form must reproduce the above copyright notice,
 *    this list of conditions and the following disclaimer in the documentation
 *    and/or other materials provided with the distribution.
 * 3. The name of the author may not be used to endorse or promote products
 *    derived from this software without specific prior written permission.
 *
 * THIS SOFTWARE IS PROVIDED BY THE AUTHOR ``AS IS'' AND ANY EXPRESS OR IMPLIED
 * WARRANTIES, INCLUDING, BUT NOT LIMITED TO, THE IMPLIED WARRANTIES OF
 * MERCHANTABILITY AND FITNESS FOR A PARTICULAR PURPOSE ARE DISCLAIMED. IN NO EVENT
 * SHALL THE AUTHOR BE LIABLE FOR ANY DIRECT, INDIRECT, INCIDENTAL, SPECIAL,
 * EXEMPLARY, OR CONSEQUENTIAL DAMAGES (INCLUDING, BUT NOT LIMITED TO, PROCUREMENT
 * OF SUBSTITUTE GOODS OR SERVICES; LOSS OF USE, DATA, OR PROFITS; OR BUSINESS
 * INTERRUPTION) HOWEVER CAUSED AND ON ANY THEORY OF LIABILITY, WHETHER IN
 * CONTRACT, STRICT LIABILITY, OR TORT (INCLUDING NEGLIGENCE OR OTHERWISE) ARISING
 * IN ANY WAY OUT OF THE USE OF THIS SOFTWARE, EVEN IF ADVISED OF THE POSSIBILITY
 * OF SUCH DAMAGE.
 *
 * This file is part of the lwIP TCP/IP stack.
 *
 * Author: Martin Hentschel <info@cl-soft.de>
 *
 */

using System;
using System.Collections.Generic;

namespace CCodeGeneration
{
	public class ElseIf : CodeContainerBase
	{
		public string Condition { get; set; }

		public ElseIf()
		{
		}

		public ElseIf(string condition)
		{
			this.Condition = condition;
		}

		public override void GenerateCode(int level, CGenerator generator)
		{
			if (!String.IsNullOrWhiteSpace(this.Condition))
			{
				generator.IndentLine(level);
				generator.OutputStream.Write(String.Format("else if ({0})", this.Condition));
				generator.WriteNewLine();
				generator.IndentLine(level);
				generator.OutputStream.Write("{");
				generator.WriteNewLine();

				base.GenerateCode(level, generator);

				generator.IndentLine(level);
				generator.OutputStream.Write("}");
				generator.WriteNewLine();
			}
		}
	}

	public class IfThenElse: CodeContainerBase
	{
		public string Condition { get; set; }

		private List<ElseIf> elseIf = new List<ElseIf>();
		private CodeContainerBase else_ = new CodeContainerBase();

		public IfThenElse()
		{
		}

		public IfThenElse(string condition)
		{
			this.Condition = condition;
		}

		public List<ElseIf> ElseIf
		{
			get { return this.elseIf; }
		}

		public CodeContainerBase Else
		{
			get { return this.else_; }
		}

		public override void GenerateCode(int level, CGenerator generator)
		{
			if (!String.IsNullOrWhiteSpace(this.Condition))
			{
				generator.IndentLine(level);
				generator.OutputStream.Write(String.Format("if ({0})", this.Condition));
				generator.WriteNewLine();
				generator.IndentLine(level);
				generator.OutputStream.Write("{");
				generator.WriteNewLine();

				base.GenerateCode(level, generator);

				generator.IndentLine(level);
				generator.OutputStream.Write("}");
				generator.WriteNewLine();

				foreach (ElseIf elif in this.elseIf)
				{
					elif.GenerateCode(level, generator);
				}

				if (this.else_.InnerElements.Count > 0)
				{
					generator.IndentLine(level);
					generator.OutputStream.Write("else");
					generator.WriteNewLine();
					generator.IndentLine(level);
					generator.OutputStream.Write("{");
					generator.WriteNewLine();

					this.else_.GenerateCode(level, generator);

					generator.IndentLine(level);
					generator.OutputStream.Write("}");
					generator.WriteNewLine();
				}
			}
		}
	}
}
